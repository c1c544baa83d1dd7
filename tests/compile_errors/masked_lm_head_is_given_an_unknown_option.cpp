// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: option_is_unknown<typeformer::without_bias, typeformer::masked_lm_head<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::masked_lm_head<tf::relu, tf::layer_norm<>, tf::tied_head, tf::without_bias>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
