// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<typeformer::heads<3>, typeformer::rms_norm<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::self_attention<tf::heads<2>, tf::query_key_norm<tf::rms_norm<tf::heads<3>>>>,
                       tf::tied_head> {};

using wrong = tf::session<m>;  // expect-own-line
