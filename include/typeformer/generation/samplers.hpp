// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/generation/constrained_by.hpp>
#include <typeformer/generation/constrained_sampler.hpp>
#include <typeformer/generation/constrained_text.hpp>
#include <typeformer/generation/frequency_penalty.hpp>
#include <typeformer/generation/greedy.hpp>
#include <typeformer/generation/min_p.hpp>
#include <typeformer/generation/presence_penalty.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/repetition_penalty.hpp>
#include <typeformer/generation/sampling.hpp>
#include <typeformer/generation/temperature.hpp>
#include <typeformer/generation/token_set.hpp>
#include <typeformer/generation/top_k.hpp>
#include <typeformer/generation/top_p.hpp>
#include <typeformer/generation/typical.hpp>
#include <typeformer/generation/watermark.hpp>
