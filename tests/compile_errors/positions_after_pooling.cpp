// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: layer_cannot_stand_here<typeformer::learned_positions<
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

using embedding = tf::token_embedding<tf::vocabulary<11>, tf::width<8>>;
struct m : tf::encoder_only<embedding, tf::learned_positions<tf::context<8>>, tf::mean_pooling,
                            tf::learned_positions<tf::context<8>>, tf::classifier<3>> {};

using wrong = tf::forward_pass<m>;  // expect-own-line
