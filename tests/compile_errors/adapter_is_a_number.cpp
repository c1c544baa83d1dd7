// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<int, typeformer::low_rank<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::feed_forward<16, tf::gelu_tanh, tf::adapts<int>>, tf::tied_head> {};

using wrong = tf::session<m>;  // expect-own-line
