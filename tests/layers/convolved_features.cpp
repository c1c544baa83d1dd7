// SPDX-License-Identifier: BSL-1.0
// Two convolutions over frames, as the first layer of an encoder.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <laws/check_verdict.hpp>
#include <support/catch.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using typeformer::laws::random_values;

namespace {

constexpr std::size_t bands = 3, wide = 4;
using spectrogram = convolved_features<channels<3>, width<4>, gelu_erf>;

struct alone : encoder_only<spectrogram, sinusoidal_positions<context<8>>> {};

struct classifier_of_sounds
    : encoder_only<spectrogram, learned_positions<context<8>>,
                   repeat<2, pre_norm_block<self_attention<heads<2>, bidirectional>, feed_forward<12, gelu_tanh>>>,
                   mean_pooling, classifier<3>> {};

struct listener
    : encoder_decoder<
          source_and_target<convolved_features<channels<3>, width<6>, gelu_erf>,
                            token_embedding<vocabulary<11>, width<8>>>,
          encoder<learned_positions<context<8>>,
                  repeat<2, pre_norm_block<self_attention<heads<2>, bidirectional>, feed_forward<12, gelu_tanh>>>,
                  layer_norm<>>,
          decoder<
              learned_positions<context<8>>,
              repeat<2, pre_norm_decoder_block<self_attention<heads<2>, causal>,
                                               cross_attention<heads<2>, head_width<3>>, feed_forward<12, gelu_tanh>>>,
              layer_norm<>, tied_head>> {};

double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); }

/// A convolution with kernel 3 and zeros beyond both ends, by its definition: x [frames][inputs], weight
/// [outputs][inputs][3].
std::vector<double> convolved(const std::vector<double>& x, std::size_t inputs, std::span<const float> weight,
                              std::span<const float> bias, std::size_t stride) {
  const std::size_t outputs = bias.size();
  const auto frames = std::ptrdiff_t(x.size() / inputs);
  std::vector<double> y;
  for (std::ptrdiff_t middle = 0; middle < frames; middle += std::ptrdiff_t(stride))
    for (std::size_t o = 0; o < outputs; ++o) {
      double sum = double(bias[o]);
      for (std::ptrdiff_t k = 0; k < 3; ++k)
        if (const std::ptrdiff_t frame = middle + k - 1; frame >= 0 && frame < frames)
          for (std::size_t i = 0; i < inputs; ++i)
            sum += x[std::size_t(frame) * inputs + i] * double(weight[(o * inputs + i) * 3 + std::size_t(k)]);
      y.push_back(gelu(sum));
    }
  return y;
}

}  // namespace

TEST_CASE("obeys the laws: models that begin with convolutions of frames", "[convolved features]") {
  laws::check_verdict(laws::examine_model<listener>());
  laws::check_verdict(laws::examine_model<classifier_of_sounds, sequence_classification>());
}

TEST_CASE("convolves the frames of each sequence", "[convolved features]") {
  const std::vector<float> values = random_values<float>(layout_of<alone>.parameters);
  const std::span all{values};
  const auto weights = canonical_weights<alone>::from(values);
  REQUIRE(weights);
  forward_pass<alone, batch<2>, reads<canonical>> run{*weights};
  const std::vector<float> frames = random_values<float>(10 * bands, 5);  // of 6 frames, and of 4
  const std::vector<index_type> lengths{3, 2};                            // in rows of two
  const auto y = run.run(ragged_features{frames, lengths});
  REQUIRE(y);
  index_type row = 0;
  for (const auto& [first, count] : {std::pair{0, 6}, std::pair{6, 4}}) {
    const std::vector<double> x(frames.begin() + first * std::ptrdiff_t(bands),
                                frames.begin() + (first + count) * std::ptrdiff_t(bands));
    const auto middle = convolved(x, bands, all.first(36), all.subspan(36, wide), 1);
    const auto expected = convolved(middle, wide, all.subspan(40, 48), all.subspan(88, wide), 2);
    REQUIRE(expected.size() == std::size_t(count / 2) * wide);
    for (index_type i = 0; i < count / 2; ++i, ++row)
      for (index_type column = 0; column < index_type(wide); ++column) {
        const double angle = double(i) / std::pow(10000.0, double(column / 2 * 2) / 4);
        const double position = column % 2 ? std::cos(angle) : std::sin(angle);
        CHECK((*y)[row][column] ==
              Approx(expected[std::size_t(i) * wide + std::size_t(column)] + position).margin(2e-6));
      }
  }
}

TEST_CASE("reads frames as they lie in memory", "[convolved features]") {
  STATIC_REQUIRE(listener::source_channels == 6);
  parameters<listener> values;
  const std::vector<float> random = random_values<float>(values.size());
  std::copy(random.begin(), random.end(), values.data());
  const weights<listener> packed{values};
  session<listener> run{packed};
  REQUIRE(run.read(std::span<const float>{random_values<float>(8 * bands, 7)}));  // 8 frames, 4 rows
  REQUIRE(run.decode(1));
  CHECK_FALSE(run.read(std::span<const float>{random_values<float>(7 * bands, 7)}));  // half a row
}

TEST_CASE("names and shapes the parameters as two convolutions", "[convolved features]") {
  std::vector<std::string> names;
  for_each_tensor(layout_of<alone>, [&](const parameter_tensor& tensor) {
    names.push_back(std::string(tensor.name().view()) + " " + std::to_string(tensor.of->rows) + " x " +
                    std::to_string(tensor.of->columns));
  });
  CHECK(names ==
        std::vector<std::string>{"convolved_features.first.weight 4 x 9", "convolved_features.first.bias 4 x 1",
                                 "convolved_features.second.weight 4 x 12", "convolved_features.second.bias 4 x 1"});
  // Of a row: two frames of 9 · 4, one of 12 · 4, each a multiplication and an addition, and three outputs of GELU.
  constexpr std::int64_t without = flops<alone, evaluating_with<tokens<4>>> - 4 * 4;  // sinusoids: 4 of a row
  CHECK(without == 4 * (2 * (2 * 36 + 48) + 8 * 3 * 4));
}
