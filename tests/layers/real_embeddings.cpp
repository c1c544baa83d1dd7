// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <support/catch.hpp>

#include <typeformer/laws/random_values.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using typeformer::laws::random_values;

namespace {

/// An embedding followed only by sinusoids, which are known.
template <class Embedding> struct alone : encoder_only<Embedding, sinusoidal_positions<context<12>>> {};

/// The output of the embedding of `M`: the model's rows minus the sinusoids.
template <class M> std::vector<float> embedded(const std::vector<float>& values, std::span<const float> input) {
  constexpr index_type width = M::output::width;
  const auto weights = canonical_weights<M>::from(values);
  REQUIRE(weights);
  forward_pass<M, reads<canonical>> run{*weights};
  const auto y = run.run(input);
  REQUIRE(y);
  const index_type rows =
      reads_images<M> ? image_rows<M> : index_type(input.size()) / feature_channels<M> + index_type(has_class_token<M>);
  std::vector<float> all;
  for (index_type row = 0; row < rows; ++row) {
    std::array<float, std::size_t(width)> nothing{}, sinusoids{};
    const auto position = std::int32_t(row);
    reference::add_sinusoids<float>(1, width, &position, 10000.0, rows_view<const float>{nothing.data(), width},
                                    rows_view<float>{sinusoids.data(), width});
    for (index_type i = 0; i < width; ++i) all.push_back((*y)[row][i] - sinusoids[std::size_t(i)]);
  }
  return all;
}
/// Rows x [rows][inputs] times W [width][inputs] plus b, as loops.
std::vector<float> projected(const std::vector<float>& x, std::span<const float> weight, std::span<const float> bias) {
  const std::size_t width = bias.size(), inputs = weight.size() / width;
  std::vector<float> y;
  for (std::size_t row = 0; row < x.size() / inputs; ++row)
    for (std::size_t o = 0; o < width; ++o) {
      double sum = double(bias[o]);
      for (std::size_t i = 0; i < inputs; ++i) sum += double(x[row * inputs + i]) * double(weight[o * inputs + i]);
      y.push_back(float(sum));
    }
  return y;
}
void check_near(const std::vector<float>& found, const std::vector<float>& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).margin(2e-6));
}

using features = alone<feature_embedding<channels<3>, width<4>>>;
using features_and_class = alone<feature_embedding<channels<3>, width<4>, class_token>>;
/// Two channels of 4 × 6 numbers in patches of 2 × 3: two by two patches of 12 numbers.
using patches = alone<patch_embedding<image<2, 4, 6>, patch<2, 3>, width<4>>>;
using patches_and_class = alone<patch_embedding<image<2, 4, 6>, patch<2, 3>, width<4>, class_token>>;

const std::vector<float> x = random_values<float>(5 * 3, 3), picture = random_values<float>(2 * 4 * 6, 4);

std::vector<float> patches_of_picture() {
  std::vector<float> rows;
  for (std::size_t top = 0; top < 4; top += 2)
    for (std::size_t left = 0; left < 6; left += 3)
      for (std::size_t channel = 0; channel < 2; ++channel)
        for (std::size_t row = top; row < top + 2; ++row)
          for (std::size_t column = left; column < left + 3; ++column)
            rows.push_back(picture[(channel * 4 + row) * 6 + column]);
  return rows;
}

/// A patch of two rows and three columns, as [channel][row][column]; `at` says where a number of the picture is.
template <class At> std::vector<float> patch_of_picture(std::size_t top, std::size_t left, At at) {
  std::vector<float> numbers;
  for (std::size_t channel = 0; channel < 2; ++channel)
    for (std::size_t row = top; row < top + 2; ++row)
      for (std::size_t column = left; column < left + 3; ++column) numbers.push_back(picture[at(channel, row, column)]);
  return numbers;
}

}  // namespace

TEST_CASE("projects rows of features") {
  const std::vector<float> values = random_values<float>(layout_of<features>.parameters);
  const std::span all{values};
  check_near(embedded<features>(values, x), projected(x, all.first(12), all.subspan(12)));
}
TEST_CASE("puts a class token before the first row of features") {
  const std::vector<float> values = random_values<float>(layout_of<features_and_class>.parameters);
  const std::span all{values};
  std::vector<float> expected(values.begin(), values.begin() + 4);  // the class token is the first parameter
  const std::vector<float> rows = projected(x, all.subspan(4, 12), all.subspan(16));
  expected.insert(expected.end(), rows.begin(), rows.end());
  check_near(embedded<features_and_class>(values, x), expected);
}
TEST_CASE("reads patches row by row of an image, each as [channel][row][column]") {
  const std::vector<float> values = random_values<float>(layout_of<patches>.parameters);
  const std::span all{values};
  check_near(embedded<patches>(values, picture), projected(patches_of_picture(), all.first(48), all.subspan(48)));
}
TEST_CASE("puts a class token before the first patch") {
  const std::vector<float> values = random_values<float>(layout_of<patches_and_class>.parameters);
  const std::span all{values};
  std::vector<float> expected(values.begin(), values.begin() + 4);
  const std::vector<float> rows = projected(patches_of_picture(), all.subspan(4, 48), all.subspan(52));
  expected.insert(expected.end(), rows.begin(), rows.end());
  check_near(embedded<patches_and_class>(values, picture), expected);
}

TEST_CASE("reads patches that overlap, and leaves out what no patch reaches") {
  // Rows 0 and 1 of an image of 4 × 6, then 2 and 3; columns 0 to 2, then 2 to 4, but not column 5.
  using overlapping = alone<patch_embedding<image<2, 4, 6>, patch<2, 3>, width<4>, patch_stride<2, 2>>>;
  const std::vector<float> values = random_values<float>(layout_of<overlapping>.parameters);
  const std::span all{values};
  std::vector<float> rows;
  for (std::size_t top = 0; top < 4; top += 2)
    for (std::size_t left = 0; left < 4; left += 2) {
      const std::vector<float> one =
          patch_of_picture(top, left, [](auto c, auto r, auto k) { return (c * 4 + r) * 6 + k; });
      rows.insert(rows.end(), one.begin(), one.end());
    }
  check_near(embedded<overlapping>(values, picture), projected(rows, all.first(48), all.subspan(48)));
}
TEST_CASE("reads an image that is stored column by column, and puts two learned rows before it") {
  using spectrogram =
      alone<patch_embedding<image<2, 4, 6>, patch<2, 3>, width<4>, stored_by_columns, class_and_distillation_token>>;
  const std::vector<float> values = random_values<float>(layout_of<spectrogram>.parameters);
  const std::span all{values};
  std::vector<float> rows, expected(values.begin(), values.begin() + 8);
  for (std::size_t top = 0; top < 4; top += 2)
    for (std::size_t left = 0; left < 6; left += 3) {
      const std::vector<float> one =
          patch_of_picture(top, left, [](auto c, auto r, auto k) { return (c * 6 + k) * 4 + r; });
      rows.insert(rows.end(), one.begin(), one.end());
    }
  const std::vector<float> patched = projected(rows, all.subspan(8, 48), all.subspan(56));
  expected.insert(expected.end(), patched.begin(), patched.end());
  check_near(embedded<spectrogram>(values, picture), expected);
}

namespace {
/// Eight moments of three channels. Patches of three moments begin at moments 1, 3 and 5 of each channel.
template <class... Options>
using series =
    alone<series_embedding<channels<3>, series_length<8>, patch_length<3>, width<4>, patch_step<2>, Options...>>;
const std::vector<float> moments = random_values<float>(8 * 3, 5);

/// The patches [9][3] of channels whose numbers x are scaled to f(channel, x).
template <class F> std::vector<float> patches_of_series(F f) {
  std::vector<float> rows;
  for (std::size_t channel = 0; channel < 3; ++channel)
    for (std::size_t first = 1; first <= 5; first += 2)
      for (std::size_t moment = first; moment < first + 3; ++moment)
        rows.push_back(float(f(channel, double(moments[moment * 3 + channel]))));
  return rows;
}
template <class M, class F> void check_series(F f) {
  const std::vector<float> values = random_values<float>(layout_of<M>.parameters);
  const std::span all{values};
  check_near(embedded<M>(values, moments), projected(patches_of_series(f), all.first(12), all.subspan(12)));
}
}  // namespace
TEST_CASE("reads the patches of each channel of a time series, of which the last one ends with it") {
  static_assert(series<>::embedding::rows_of_image == 9);
  check_series<series<>>([](std::size_t, double number) { return number; });
}
TEST_CASE("scales each channel of a time series by its own numbers") {
  std::array<double, 3> mean{}, variance{}, size{};
  for (std::size_t i = 0; i < 24; ++i)
    mean[i % 3] += double(moments[i]) / 8, size[i % 3] += std::fabs(double(moments[i])) / 8;
  for (std::size_t i = 0; i < 24; ++i) variance[i % 3] += std::pow(double(moments[i]) - mean[i % 3], 2) / 8;
  check_series<series<standardized>>(
      [&](std::size_t c, double number) { return (number - mean[c]) / std::sqrt(variance[c] + 1e-5); });
  check_series<series<divided_by_mean>>([&](std::size_t c, double number) { return number / size[c]; });
}
TEST_CASE("puts a class token before the patches of each channel") {
  using with_class = series<class_token>;
  static_assert(with_class::embedding::rows_of_channel == 4 && with_class::embedding::rows_of_image == 12);
  const std::vector<float> values = random_values<float>(layout_of<with_class>.parameters);
  const std::span all{values};
  const std::vector<float> rows = projected(patches_of_series([](std::size_t, double number) { return number; }),
                                            all.subspan(4, 12), all.subspan(16));
  std::vector<float> expected;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    expected.insert(expected.end(), values.begin(), values.begin() + 4);
    expected.insert(expected.end(), rows.begin() + std::ptrdiff_t(channel) * 12,
                    rows.begin() + std::ptrdiff_t(channel) * 12 + 12);
  }
  check_near(embedded<with_class>(values, moments), expected);
}

TEST_CASE("names and shapes the parameters as a vision transformer's") {
  const parameter_layout& layout = layout_of<patches_and_class>;
  REQUIRE(layout.leaf_count == 3);
  std::vector<std::string> names;
  for_each_tensor(layout, [&](const parameter_tensor& tensor) { names.emplace_back(tensor.name().view()); });
  CHECK(names == std::vector<std::string>{"patch_embedding.class_token", "patch_embedding.projection.weight",
                                          "patch_embedding.projection.bias"});
  CHECK(layout.leaves[0].rows == 1);
  CHECK(layout.leaves[0].columns == 4);
  CHECK(layout.leaves[1].rows == 4);
  CHECK(layout.leaves[1].columns == 12);
}
TEST_CASE("costs as much as the projection") {
  CHECK(flops<patches, evaluating_with<tokens<4>>> -
            flops<alone<patch_embedding<image<1, 4, 6>, patch<2, 3>, width<4>>>,
                  evaluating_with<tokens<4>>> ==
        2 * 4 * 4 * 6);  // twice the patches, outputs and the six numbers of the second channel
}

namespace {
/// Two rows of features through a whole model in constant evaluation; y = W x + b, then the mean.
constexpr std::array<float, 2> in_constant_evaluation() {
  struct small
      : encoder_only<feature_embedding<channels<2>, width<2>>, sinusoidal_positions<context<2>>, mean_pooling> {};
  constexpr std::array<float, 6> values{1, 2, 3, 4, 0.5f, -0.5f};
  constexpr std::array<float, 4> rows{1, 0, 0, 1};
  const canonical_weights<small> weights{values};
  forward_pass<small, storage::in_place, reads<canonical>> run{weights};
  const auto y = run.run(std::span<const float>{rows});
  return {(*y)[0][0], (*y)[0][1]};
}
}  // namespace
TEST_CASE("runs a model of features in constant evaluation") {
  constexpr std::array<float, 2> y = in_constant_evaluation();
  // Rows (1.5, 2.5) and (2.5, 3.5), sinusoids (0, 1) and (sin 1, cos 1).
  CHECK(y[0] == Approx((1.5 + 2.5 + 0.8414709848) / 2));
  CHECK(y[1] == Approx((2.5 + 3.5 + 1 + 0.5403023059) / 2));
}
