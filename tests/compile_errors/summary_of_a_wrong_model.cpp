// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: attention_width_is_not_a_multiple_of_heads<typeformer::width<768>, typeformer::heads<7>, typeformer::self_attention<typeformer::heads<7>, typeformer::causal>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct seven_heads : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<768>>,
                                      tf::learned_positions<tf::context<128>>,
                                      tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<7>, tf::causal>,
                                                                       tf::feed_forward<256, tf::gelu_tanh>>>,
                                      tf::layer_norm<>, tf::tied_head> {};

void show(void (*print)(std::string_view)) {
  tf::summarize<seven_heads>(print);  // expect-own-line
}
