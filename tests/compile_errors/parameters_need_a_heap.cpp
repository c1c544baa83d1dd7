// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: TYPEFORMER_NO_HEAP: choose storage::in_place or storage::placed
#define TYPEFORMER_NO_HEAP
#include <typeformer/parameters/parameters.hpp>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

tf::parameters<my_gpt> values;  // expect-own-line
