// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 15. Numbers from sensors. Two accelerometers on a shaft see a circle: its amplitude and its frequency are to be found from a
//     window of noisy samples that begins anywhere in a turn, eight samples of both a row. A linear model on the same rows
//     can know little: the mean of what it sees is 0 at every amplitude and frequency.
#include <cmath>
#include <cstdio>

#include "generated_signals.hpp"

#include <typeformer/objectives/regression.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

constexpr int lines = 8, samples_of_line = 8, axes = 2, numbers = samples_of_line * axes;

// clang-format off
struct shaft : toy::small_widths, tf::encoder_only<
    tf::feature_embedding<tf::channels<numbers>, tf::width<32>>,
    tf::learned_positions<tf::context<lines>>,
    tf::repeat<2, tf::pre_norm_block<
        tf::self_attention<tf::heads<2>, tf::bidirectional>,
        tf::feed_forward<64, tf::gelu_erf>>>,
    tf::mean_pooling,
    tf::linear<2>> {};
struct linear_model : toy::small_widths, tf::encoder_only<
    tf::feature_embedding<tf::channels<numbers>, tf::width<32>>,
    tf::learned_positions<tf::context<lines>>,
    tf::mean_pooling,
    tf::linear<2>> {};
// clang-format on

tf::real_example turning(tf::philox& random) {
  tf::real_example seen;
  const float amplitude = toy::uniform(random, 0.5f, 2), frequency = toy::uniform(random, 0.2f, 1.2f),
              begin = toy::uniform(random, 0, 6.2832f);
  for (int i = 0; i < lines * samples_of_line; ++i) {
    const float angle = begin + frequency * float(i);
    seen.values.push_back(amplitude * std::cos(angle) + 0.1f * toy::noise(random));
    seen.values.push_back(amplitude * std::sin(angle) + 0.1f * toy::noise(random));
  }
  seen.targets = {(amplitude - 1.25f) / 0.43f, (frequency - 0.7f) / 0.29f};  // about mean 0 and variance 1
  return seen;
}

int main() {
  const auto examples = toy::examples_of(turning, 1, 4096), unseen = toy::examples_of(turning, 2, 1000);
  using objective = tf::sequence_regression<tf::huber<1.0>>;
  const auto linear = toy::trained<linear_model, objective>(examples, unseen, {300, 3e-3});
  const auto learned = toy::trained<shaft, objective>(examples, unseen, {1500, 3e-3});
  if (!linear || !learned) return 1;
  const auto by_line = toy::explained(*linear, unseen), by_shaft = toy::explained(*learned, unseen);
  std::printf("transformer, %td bytes to run: R² of amplitude %.3f, of frequency %.3f\n",
              tf::index_type(tf::footprint<shaft, tf::evaluating>::ram_bytes), by_shaft[0], by_shaft[1]);
  std::printf("linear model on the same rows: %.3f and %.3f\n", by_line[0], by_line[1]);
  // With four other seeds: 0.998 and 0.999, and −0.010 to 0.
  return by_shaft[0] >= 0.9 && by_shaft[1] >= 0.9 && by_line[0] < 0.5 && by_line[1] < 0.5 ? 0 : 1;
}
