// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<typeformer::scale_factor<.*typeformer::alibi_positions<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                       tf::alibi_positions<tf::context<4>, tf::heads<2>, tf::scale_factor<2.0>>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
