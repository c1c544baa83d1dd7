// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_memory_is_needed_than_the_region_has<typeformer::storage::region<262144>, typeformer::storage::region<65536>, my_gpt>
#include <typeformer/execution/all.hpp>
#include <typeformer/session/session.hpp>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

tf::storage::region<65536> fast, large;
using placed = tf::storage::placed<fast, large>;
using run = tf::session<my_gpt, tf::tokens<8>, tf::reads<tf::canonical>, placed>;  // expect-own-line
