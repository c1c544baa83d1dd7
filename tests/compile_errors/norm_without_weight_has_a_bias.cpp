// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: options_contradict_one_another<typeformer::without_weight, typeformer::with_bias, typeformer::layer_norm<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::layer_norm<tf::without_weight, tf::with_bias>, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
