// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: pooling_gives_no_row_for_each_sequence<typeformer::layer_norm<>,
// typeformer::sentence_embedding<typeformer::layer_norm<> ?> ?>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                      tf::learned_positions<tf::context<4>>, tf::sentence_embedding<tf::layer_norm<>>> {
};

using wrong = tf::weights<wrong_model>;  // expect-own-line
