// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_takes_no_bias<typeformer::head_with_bias<typeformer::tied_head>,
// typeformer::masked_lm_head<typeformer::relu
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::masked_lm_head<tf::relu, tf::layer_norm<>, tf::head_with_bias<tf::tied_head>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
