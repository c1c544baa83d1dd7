// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <typeformer/hosted.hpp>
#include <typeformer/optimizers/schedules/cosine_schedule.hpp>

namespace toy {

namespace tf = typeformer;

/// Trains a model from seed 1 by the recipe that the decoders of `position_schemes.hpp` are compared with. Ends the
/// program if it fails.
template <tf::index_type Batch, tf::index_type Tokens, class M, class Data>
void train_decoder(tf::parameters<M>& values, Data& data, tf::index_type steps) {
  tf::trainer<M, tf::causal_language_model, tf::adamw, tf::batch<Batch>, tf::tokens<Tokens>> training{
      {.learning_rate = tf::cosine_schedule{.learning_rate = 3e-3, .warm_up_steps = steps / 20, .steps = steps},
       .steps = steps,
       .maximum_gradient_norm = 1,
       .evaluation_interval = steps}};
  training.initialize(1);
  if (const auto learned = training.run(data); !learned) {
    std::fprintf(stderr, "%s\n", learned.error().message().c_str());
    std::exit(1);
  }
  std::copy_n(training.values().data(), values.size(), values.data());
}

}  // namespace toy
