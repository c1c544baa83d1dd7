// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: type_is_no_regression_loss<typeformer::relu, typeformer::token_regression<typeformer::relu
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct sensor
    : tf::decoder_only<tf::feature_embedding<tf::channels<3>, tf::width<16>>, tf::learned_positions<tf::context<16>>,
                       tf::pre_norm_block<tf::self_attention<tf::heads<2>, tf::causal>, tf::feed_forward<32, tf::relu>>,
                       tf::classifier<4>> {};

using wrong = tf::training_pass<sensor, tf::token_regression<tf::relu>>;  // expect-own-line
