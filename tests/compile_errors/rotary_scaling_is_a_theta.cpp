// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<typeformer::theta<.*typeformer::rotary_scaling, typeformer::rotary_positions<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                      tf::rotary_positions<tf::context<4>, tf::rotary_width<4>, tf::half_split_pairs,
                                                           tf::theta<100.0>, tf::theta<10.0>>,
                                      tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
