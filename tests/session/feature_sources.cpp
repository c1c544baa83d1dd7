// SPDX-License-Identifier: BSL-1.0
// Speech recognition in small: an encoder reads rows of features, a decoder predicts tokens.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <laws/check_verdict.hpp>
#include <support/catch.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using typeformer::laws::random_values;

namespace {

struct listener
    : encoder_decoder<
          source_and_target<feature_embedding<channels<3>, width<6>>, token_embedding<vocabulary<11>, width<8>>>,
          encoder<learned_positions<context<8>>,
                  repeat<2, pre_norm_block<self_attention<heads<2>, bidirectional>, feed_forward<12, gelu_tanh>>>,
                  layer_norm<>>,
          decoder<
              learned_positions<context<8>>,
              repeat<2, pre_norm_decoder_block<self_attention<heads<2>, causal>,
                                               cross_attention<heads<2>, head_width<3>>, feed_forward<12, gelu_tanh>>>,
              layer_norm<>, tied_head>> {};

const parameters<listener>& random_values_of_listener() {
  static const parameters<listener> values = [] {
    parameters<listener> p;
    const std::vector<float> random = random_values<float>(p.size());
    std::copy(random.begin(), random.end(), p.data());
    return p;
  }();
  return values;
}
const weights<listener>& random_weights() {
  static const weights<listener> packed{random_values_of_listener()};
  return packed;
}

const std::vector<float> sound = random_values<float>(5 * 3, 21), noise = random_values<float>(3 * 3, 22);
const std::vector<std::int32_t> words{1, 2, 3, 4};

/// The logits of each token after a source, in one pass.
std::vector<float> logits_after(const std::vector<float>& source) {
  forward_pass<listener> run{random_weights()};
  const std::vector<std::uint8_t> heard(source.size() / 3, 1), all(words.size(), 1);
  const auto y = run.run(padded_features{source, heard, index_type(heard.size())},
                         padded_tokens{words, all, index_type(all.size())});
  REQUIRE(y);
  return {y->data, y->data + words.size() * 11};
}
void check_logits(std::span<const float> found, const std::vector<float>& source, std::size_t row) {
  const std::vector<float> expected = logits_after(source);
  for (std::size_t i = 0; i < 11; ++i) CHECK(found[i] == Approx(expected[row * 11 + i]).margin(2e-6));
}
template <class Result> std::string message_of(const Result& rejected) {
  REQUIRE_FALSE(rejected);
  return std::string(std::string_view(rejected.error().message()));
}

/// A sentence and what was said, for training.
struct small_batch {
  std::array<index_type, 2> first_row{0, 4}, first_source_row{0, 5};
  std::array<std::int32_t, 4> positions{0, 1, 2, 3}, labels{2, 3, 4, 5};
  std::array<std::int32_t, 5> places{0, 1, 2, 3, 4};
  std::vector<float> features = sound;
  token_batch source;

  token_batch view() {
    source.sequences = 1;
    source.rows = 5;
    source.first_row = first_source_row.data();
    source.positions = places.data();
    source.features = features.data();
    source.feature_rows = 5;
    source.channels = 3;
    token_batch batch;
    batch.sequences = 1;
    batch.rows = 4;
    batch.first_row = first_row.data();
    batch.ids = words.data();
    batch.positions = positions.data();
    batch.labels = labels.data();
    batch.source = &source;
    set_mean_scales<causal_language_model>(batch);
    return batch;
  }
};

}  // namespace

TEST_CASE("obeys the laws: an encoder-decoder that reads features", "[feature sources]") {
  STATIC_REQUIRE(listener::source_channels == 3);
  STATIC_REQUIRE(listener::source_vocabulary == 0);
  laws::check_verdict(laws::examine_model<listener>());
}

TEST_CASE("decodes after features as in one pass", "[feature sources]") {
  session<listener, tokens<2>> run{random_weights()};
  REQUIRE(run.read(std::span<const float>{sound}));
  const auto prompt = run.prefill(std::span{words}.first(3));
  REQUIRE(prompt);
  check_logits(*prompt, sound, 2);
  const auto next = run.decode(words[3]);
  REQUIRE(next);
  check_logits(*next, sound, 3);
}

TEST_CASE("decodes several sequences after ragged and after padded features", "[feature sources]") {
  std::vector<float> both = sound;
  both.insert(both.end(), noise.begin(), noise.end());
  const std::array<index_type, 2> lengths{5, 3};
  session<listener, batch<2>> run{random_weights()};
  REQUIRE(run.read(ragged_features{both, lengths}));
  REQUIRE(run.reorder(std::array<index_type, 2>{1, 0}));  // before they are read
  const std::array prompts{std::span<const std::int32_t>{words}, std::span{words}.first(2)};
  REQUIRE(run.prefill(std::span<const std::span<const std::int32_t>>{prompts}));
  check_logits(*run.logits(0), noise, 3);
  check_logits(*run.logits(1), sound, 1);

  both.insert(both.end(), 6, 99.0f);
  const std::vector<std::uint8_t> valid{1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
  REQUIRE(run.read(padded_features{both, valid, 5}));
  REQUIRE(run.prefill(std::span<const std::span<const std::int32_t>>{prompts}));
  check_logits(*run.logits(0), sound, 3);
  check_logits(*run.logits(1), noise, 1);
}

TEST_CASE("rejects features that do not fit the encoder", "[feature sources]") {
  session<listener, batch<2>> run{random_weights()};
  CHECK(message_of(run.prefill(std::span{words}.first(1))) == "sequence 0: no text was read for a sequence");
  CHECK(message_of(run.read(std::span{sound}.first(7))) ==
        "source, sequence 0: the numbers do not fill whole rows of features or images: found 7, the limit is 6");
  CHECK_FALSE(run.read(std::span<const float>{}));
  CHECK_FALSE(run.read(ragged_features{}));
  const std::vector<float> long_sound(27);
  CHECK(message_of(run.read(std::span<const float>{long_sound})) ==
        "source, sequence 0: there are more tokens than one call takes: found 9, the limit is 8");
  const std::array<index_type, 3> three{1, 1, 1};
  CHECK_FALSE(run.read(ragged_features{noise, three}));
  const std::array<index_type, 2> negative{-1, 4};
  CHECK_FALSE(run.read(ragged_features{noise, negative}));
  const std::vector<std::uint8_t> flags{1, 1, 1};
  CHECK_FALSE(run.read(padded_features{noise, flags, 2}));
  CHECK_FALSE(run.read(padded_features{sound, flags, 3}));
  CHECK_FALSE(run.prefill(std::span{words}.first(1)));
}

TEST_CASE("trains and scores an encoder-decoder that reads features", "[feature sources]") {
  small_batch data;
  loss_pass<listener, causal_language_model> score;
  const auto before = score.run(random_values_of_listener().data(), data.view());
  REQUIRE(before);
  const std::vector<float> logits = logits_after(sound);
  double expected = 0;
  for (std::size_t row = 0; row < 4; ++row) {
    double sum = 0;
    for (std::size_t i = 0; i < 11; ++i) sum += std::exp(double(logits[row * 11 + i]));
    expected += (std::log(sum) - double(logits[row * 11 + std::size_t(data.labels[row])])) / 4;
  }
  CHECK(before->parts[0].loss == Approx(expected).margin(1e-5));

  training_pass<listener, causal_language_model> pass;
  std::vector<float> values(random_values_of_listener().data(),
                            random_values_of_listener().data() + random_values_of_listener().size());
  float last = 0;
  for (int step = 0; step < 100; ++step) {
    std::vector<float> gradients(values.size());
    const auto loss = pass.run(values.data(), gradients.data(), data.view());
    REQUIRE(loss);
    last = *loss;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] -= 0.1f * gradients[i];
  }
  CHECK(double(last) < 0.5 * expected);
}

TEST_CASE("rejects a batch whose source does not fit the encoder", "[feature sources]") {
  loss_pass<listener, causal_language_model> pass;
  const auto rejection = [&](const token_batch& batch) {
    return message_of(pass.run(random_values_of_listener().data(), batch));
  };
  small_batch data;
  token_batch batch = data.view();
  data.source.features = nullptr;
  CHECK(rejection(batch).find("source") == 0);
  batch = data.view();
  data.source.channels = 4;
  CHECK(rejection(batch) ==
        "source: the features have other channels or rows than the batch needs: expected 3, found 4");
  batch = data.view();
  data.features[4] = std::numeric_limits<float>::quiet_NaN();
  CHECK(rejection(batch) == "source, sequence 0, row 1: a number is not finite");
  batch.source = nullptr;
  CHECK_FALSE(pass.run(random_values_of_listener().data(), batch));
}
