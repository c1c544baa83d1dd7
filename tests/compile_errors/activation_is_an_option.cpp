// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: function_is_no_activation<typeformer::without_bias, typeformer::feed_forward<16,
// typeformer::without_bias> ?>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::residual<tf::feed_forward<16, tf::without_bias>>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
