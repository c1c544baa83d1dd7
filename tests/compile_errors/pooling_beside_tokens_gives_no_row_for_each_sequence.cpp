// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: head_has_rows_of_something_else<typeformer::rows<.*8>, typeformer::rows<.*8>, typeformer::with_pooled<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                      tf::learned_positions<tf::context<4>>, tf::with_pooled<tf::layer_norm<>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
