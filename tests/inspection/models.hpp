// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/types.hpp>

/// Small models of both families for the tests of this room.
namespace inspected {

namespace tf = typeformer;

struct small_gpt2 : tf::gpt2<tf::gpt2_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 100, .context = 48}> {
};
struct small_llama
    : tf::llama<tf::llama_config{
          .layers = 3, .width = 64, .heads = 4, .key_value_heads = 2, .hidden = 96, .vocabulary = 512, .context = 40}> {
};

}  // namespace inspected
