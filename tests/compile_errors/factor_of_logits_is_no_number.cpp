// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_out_of_range<typeformer::scale_factor<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct m
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::scaled_logits<tf::tied_head, __builtin_nan("")>> {};

using wrong = tf::session<m>;  // expect-own-line
