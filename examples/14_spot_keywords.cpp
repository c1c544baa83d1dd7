// SPDX-License-Identifier: BSL-1.0
// runs-in-tests
// 14. Keywords in a spectrogram. Each row holds the energy of eight bands; a keyword is three tones, one after the other, and
//     the six keywords are the six orders of the same three. When it begins and how long each tone lasts is random: the
//     average row of every keyword is the same, so that a linear model on the same rows knows nothing.
//     Then a decoder hears the rows one by one, as they come from a microphone, and says after each what it heard so far.
#include <cstddef>
#include <cstdio>
#include <optional>
#include <span>

#include "generated_signals.hpp"

#include <typeformer/objectives/classification.hpp>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

constexpr int bands = 8, moments = 24, keywords = 6;

// clang-format off
struct spotter : toy::small_widths, tf::encoder_only<
    tf::feature_embedding<tf::channels<bands>, tf::width<24>, tf::class_token>,
    tf::learned_positions<tf::context<moments + 1>>,
    tf::repeat<2, tf::pre_norm_block<
        tf::self_attention<tf::heads<2>, tf::bidirectional>,
        tf::feed_forward<48, tf::gelu_erf>>>,
    tf::named<"final_norm", tf::layer_norm<>>,
    tf::first_token,
    tf::classifier<keywords>> {};
struct listener : toy::small_widths, tf::decoder_only<
    tf::feature_embedding<tf::channels<bands>, tf::width<24>>,
    tf::learned_positions<tf::context<moments>>,
    tf::repeat<2, tf::pre_norm_block<
        tf::self_attention<tf::heads<2>, tf::causal>,
        tf::feed_forward<48, tf::gelu_erf>>>,
    tf::named<"final_norm", tf::layer_norm<>>,
    tf::classifier<keywords>> {};
struct linear_model : toy::small_widths, tf::encoder_only<
    tf::feature_embedding<tf::channels<bands>, tf::width<24>>,
    tf::learned_positions<tf::context<moments>>,
    tf::mean_pooling,
    tf::classifier<keywords>> {};
// clang-format on

tf::real_example keyword(tf::philox& random) {
  constexpr int band_of_tone[3] = {1, 4, 6};
  constexpr int orders[keywords][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
  tf::real_example heard;
  heard.label = toy::pick(random, keywords);
  int ends[3], at = toy::pick(random, 9);
  const int begin = at;
  for (int& end : ends) end = at += 3 + toy::pick(random, 3);
  for (int t = 0; t < moments; ++t)
    for (int band = 0; band < bands; ++band) {
      float energy = 0.3f * toy::noise(random);
      const int place = t < ends[0] ? 0 : t < ends[1] ? 1 : 2;
      if (t >= begin && t < ends[2]) {
        const int distance = band - band_of_tone[orders[heard.label][place]];
        energy += distance == 0 ? 1.0f : distance == 1 || distance == -1 ? 0.4f : 0.0f;
      }
      heard.values.push_back(energy);
    }
  heard.row_labels.assign(moments, tf::no_label);
  heard.row_labels.back() = heard.label;  // what the decoder shall know in the end
  return heard;
}

/// The share of the keywords that the decoder names after their last row, hearing one row after the other, without heap.
double heard_row_by_row(const tf::parameters<listener>& values, const std::vector<tf::real_example>& examples) {
  const tf::canonical_weights<listener> weights{values};
  static std::optional<tf::session<listener, tf::storage::in_place, tf::reads<tf::canonical>, tf::tokens<1>>> run;
  run.emplace(weights);
  int right = 0;
  for (const tf::real_example& example : examples) {
    run->reset();
    std::size_t best = 0;
    for (std::size_t t = 0; t < moments; ++t) {
      const auto logits = run->decode(std::span<const float>{example.values}.subspan(t * bands, bands));
      if (!logits) return 0;
      best = 0;
      for (std::size_t k = 1; k < keywords; ++k)
        if ((*logits)[k] > (*logits)[best]) best = k;
    }
    right += std::int32_t(best) == example.label;
  }
  return double(right) / double(examples.size());
}

int main() {
  const auto examples = toy::examples_of(keyword, 1, 4096), unseen = toy::examples_of(keyword, 2, 1000);
  const auto linear = toy::trained<linear_model, tf::sequence_classification>(examples, unseen, {300, 3e-3});
  const auto whole = toy::trained<spotter, tf::sequence_classification>(examples, unseen, {600, 3e-3});
  const auto stream = toy::trained<listener, tf::token_classification>(examples, unseen, {600, 3e-3});
  if (!linear || !whole || !stream) return 1;
  const double by_line = toy::accuracy(*linear, unseen), by_spotter = toy::accuracy(*whole, unseen),
               by_listener = heard_row_by_row(*stream, unseen);
  std::printf("encoder with a class token: %.1f %% right; %td bytes to run\n", 100 * by_spotter,
              tf::index_type(tf::footprint<spotter, tf::evaluating>::ram_bytes));
  std::printf("decoder, row by row: %.1f %% right; %td bytes to run\n", 100 * by_listener,
              tf::index_type(tf::footprint<listener, tf::decoding_with<tf::tokens<1>>>::ram_bytes));
  std::printf("linear model on the same rows: %.1f %% right\n", 100 * by_line);
  // With four other seeds: 99.1 to 99.6 %, 99.8 to 100 %, and 17 to 18 %.
  return by_spotter >= 0.95 && by_listener >= 0.95 && by_line < 0.75 ? 0 : 1;
}
