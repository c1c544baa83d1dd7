// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: distances_do_not_fit_their_buckets<typeformer::buckets<8>, typeformer::maximum_distance<5>, typeformer::distance_embedding<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_model : tf::encoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                      tf::distance_embedding<tf::context<16>, tf::buckets<8>, tf::maximum_distance<5>>,
                                      tf::disentangled_attention<tf::heads<2>>> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
