// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: batches_are_empty<0>
#include <typeformer/hosted.hpp>
#include <typeformer/hosted/data/feature_batches.hpp>

namespace tf = typeformer;

struct model : tf::encoder_only<tf::feature_embedding<tf::channels<3>, tf::width<8>>,
                                tf::learned_positions<tf::context<8>>, tf::mean_pooling, tf::classifier<2>> {};

using wrong = tf::feature_batches<model, 0>;  // expect-own-line
