// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: wrong_template_argument<typeformer::rms_norm<>, typeformer::rotary_positions<.*typeformer::rotary_positions_of_layers<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                       tf::rotary_positions_of_layers<tf::alternating_windows<1>, tf::rms_norm<>>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
