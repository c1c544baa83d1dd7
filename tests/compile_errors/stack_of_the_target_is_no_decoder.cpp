// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: stack_is_no_decoder<typeformer::learned_positions<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::encoder_decoder<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                          tf::encoder<tf::learned_positions<tf::context<4>>>, tf::learned_positions<tf::context<4>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
