// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: stack_is_no_encoder<typeformer::sequential<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model : tf::encoder_decoder<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                         tf::sequential<tf::learned_positions<tf::context<4>>>,
                                         tf::decoder<tf::learned_positions<tf::context<4>>, tf::tied_head>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
