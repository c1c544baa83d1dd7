// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: function_is_no_activation<typeformer::layer_norm<>,
// typeformer::activation<typeformer::layer_norm<> ?> ?>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::activation<tf::layer_norm<>>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
