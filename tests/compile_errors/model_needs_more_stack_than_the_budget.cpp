// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: more_memory_is_needed_than_the_budget_has<typeformer::stack<\d+>, typeformer::stack<1024>, typeformer::largest<.*"arrays of kernels".*"frames of calls".*> *>, my_gpt>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<4, tf::pre_norm_block<tf::self_attention<tf::heads<4>, tf::causal>,
                                                        tf::feed_forward<256, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::fits<my_gpt, tf::decoding, tf::budget<tf::stack<1024>>>);  // expect-own-line
