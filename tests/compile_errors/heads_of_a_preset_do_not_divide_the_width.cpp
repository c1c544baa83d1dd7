// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: attention_width_is_not_a_multiple_of_heads<typeformer::width<64>, typeformer::heads<7>, typeformer::self_attention<typeformer::heads<7>, typeformer::key_value_heads<7>,
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct seven_heads
    : tf::llama<tf::llama_config{.layers = 2, .width = 64, .heads = 7, .hidden = 96, .vocabulary = 512}> {};

static_assert(tf::parameter_count<seven_heads> > 0);  // expect-own-line
