// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 13. A vision transformer on patches. A small image is noise but for a window with stripes; the class is their direction.
//     Where the window lies, and where dark and bright stripes begin, is random: the mean image of every class is the same,
//     so that a linear model on the same patches knows nothing. Then the model sees without heap.
#include <cmath>
#include <cstdio>

#include "generated_signals.hpp"

#include <typeformer/objectives/classification.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

constexpr int side = 16, window = 10, directions = 4;
using picture = tf::image<1, side, side>;
using piece = tf::patch<4, 4>;

// clang-format off
struct vision : toy::small_widths, tf::encoder_only<
    tf::patch_embedding<picture, piece, tf::width<24>, tf::class_token>,
    tf::learned_positions<tf::context<17>>,
    tf::repeat<2, tf::pre_norm_block<
        tf::self_attention<tf::heads<2>, tf::bidirectional>,
        tf::feed_forward<48, tf::gelu_erf>>>,
    tf::named<"final_norm", tf::layer_norm<>>,
    tf::first_token,
    tf::classifier<directions>> {};
struct linear_model : toy::small_widths, tf::encoder_only<
    tf::patch_embedding<picture, piece, tf::width<24>>,
    tf::learned_positions<tf::context<16>>,
    tf::mean_pooling,
    tf::classifier<directions>> {};
// clang-format on

tf::real_example stripes(tf::philox& random) {
  constexpr float across[directions][2] = {{1, 0}, {0, 1}, {0.707f, 0.707f}, {0.707f, -0.707f}};
  tf::real_example image;
  image.label = toy::pick(random, directions);
  const int top = toy::pick(random, side - window + 1), left = toy::pick(random, side - window + 1);
  const float begin = toy::uniform(random, 0, 6.2832f), wave = toy::uniform(random, 1.3f, 1.8f);
  for (int row = 0; row < side; ++row)
    for (int column = 0; column < side; ++column) {
      const bool inside = row >= top && row < top + window && column >= left && column < left + window;
      const float at = across[image.label][0] * float(row) + across[image.label][1] * float(column);
      image.values.push_back((inside ? std::sin(begin + wave * at) : 0) + 0.3f * toy::noise(random));
    }
  return image;
}

int main() {
  const auto examples = toy::examples_of(stripes, 1, 4096), unseen = toy::examples_of(stripes, 2, 1000);
  const auto linear = toy::trained<linear_model, tf::sequence_classification>(examples, unseen, {300, 3e-3});
  const auto seeing = toy::trained<vision, tf::sequence_classification>(examples, unseen, {600, 3e-3});
  if (!linear || !seeing) return 1;
  const double by_line = toy::accuracy(*linear, unseen), by_vision = toy::accuracy(*seeing, unseen);
  std::printf("vision transformer of %td parameters, %td bytes to run: %.1f %% right\n",
              tf::index_type(tf::parameter_count<vision>),
              tf::index_type(tf::footprint<vision, tf::evaluating>::ram_bytes), 100 * by_vision);
  std::printf("linear model on the same patches: %.1f %% right\n", 100 * by_line);
  // With four other seeds: 100 %, and 25 to 37 %.
  return by_vision >= 0.95 && by_line < 0.75 ? 0 : 1;
}
