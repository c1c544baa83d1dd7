// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/philox.hpp>
#include <typeformer/generation/random_words.hpp>
#include <typeformer/generation/uniform01.hpp>
