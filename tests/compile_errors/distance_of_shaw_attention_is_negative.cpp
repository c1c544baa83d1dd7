// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::maximum_distance<-1>, typeformer::shaw_attention<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::shaw_attention<tf::heads<2>, tf::maximum_distance<-1>>, tf::tied_head> {};

using wrong = tf::session<m>;  // expect-own-line
