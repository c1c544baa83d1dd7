// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: there_is_no_heap_for_the_storage<typeformer::storage::owned, my_gpt>
#define TYPEFORMER_NO_HEAP
#include <typeformer/execution/all.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

using run = tf::session<my_gpt, tf::tokens<8>, tf::reads<tf::canonical>>;  // expect-own-line
