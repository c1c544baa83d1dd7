// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_memory_is_needed_than_the_budget_has<typeformer::ram<286912>, typeformer::ram<262144>, typeformer::largest<typeformer::part<.*"blocks\.\*\.attention\.state".*, 131072>, typeformer::part<.*"blocks\.\*\.attention\.state".*, 131072>, typeformer::part<.*"activations".*, 24576> *>, my_gpt>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

using my_board = tf::budget<tf::flash<1024 * 1024>, tf::ram<256 * 1024>>;
static_assert(tf::fits<my_gpt, tf::decoding_with<tf::tokens<16>>, my_board>);  // expect-own-line
