// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/generation/greedy.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/sampling.hpp>
#include <typeformer/generation/temperature.hpp>
#include <typeformer/generation/top_k.hpp>
#include <typeformer/generation/top_p.hpp>
