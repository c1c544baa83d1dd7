// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: rows_stand_for_something_else<typeformer::rows<.*>, typeformer::rows<.*>,
// typeformer::residual<typeformer::mean_pooling> ?>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>, tf::learned_positions<tf::context<4>>,
                       tf::residual<tf::mean_pooling>, tf::classifier<3>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
