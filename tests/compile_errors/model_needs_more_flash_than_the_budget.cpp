// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_memory_is_needed_than_the_budget_has<typeformer::flash<965\d\d\d>, typeformer::flash<524288>, typeformer::largest<typeformer::part<.*"blocks\.\*\.feed_forward\.up\.weight".*, 262144>, typeformer::part<.*"blocks\.\*\.feed_forward\.down\.weight".*, 262144>, typeformer::part<.*"token_embedding\.weight".*, 131072> *>, my_gpt>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

using my_board = tf::budget<tf::flash<512 * 1024>, tf::ram<320 * 1024>>;
static_assert(tf::fits<my_gpt, tf::decoding_with<tf::tokens<16>>, my_board>);  // expect-own-line
