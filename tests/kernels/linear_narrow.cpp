// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <vector>

#include <support/catch.hpp>
#include <support/kernel_cases.hpp>

#include <typeformer/kernels/linear_narrow.hpp>
#include <typeformer/kernels/narrow_matrix.hpp>

namespace typeformer {
namespace {

constexpr float untouched = -12345.0f;
constexpr float poison = std::numeric_limits<float>::quiet_NaN();

std::size_t size(index_type n) { return static_cast<std::size_t>(n); }

using testing::seeded_numbers;

/// x with rows further apart than they are wide, NaN between them; narrow weights with NaN behind them.
template <class Format> struct problem {
  index_type rows, outputs, inputs, x_stride = inputs + 5, y_stride = outputs + 3;
  narrow_order<Format> order{outputs, inputs, kernels::narrow_panel_width<Format>};
  std::vector<float> x = std::vector<float>(size(rows * x_stride), poison),
                     matrix = seeded_numbers(outputs * inputs, 7), bias = seeded_numbers(outputs, 8),
                     narrow = std::vector<float>(size(order.size() + kernels::panel_overread), poison);

  problem(index_type row_count, index_type output_count, index_type input_count)
      : rows{row_count}, outputs{output_count}, inputs{input_count} {
    const auto values = seeded_numbers(rows * inputs, 9);
    for (index_type row = 0; row < rows; ++row)
      for (index_type input = 0; input < inputs; ++input)
        x[size(row * x_stride + input)] = values[size(row * inputs + input)] * static_cast<float>(row + 1);
    kernels::narrow_matrix<Format>({matrix.data(), outputs, inputs}, order, narrow.data());
  }

  narrow_view<Format> view() const { return {narrow.data(), order}; }
  float at(index_type row, index_type input) const { return x[size(row * x_stride + input)]; }

  template <class W> std::vector<float> result(const W& workers, bool has_bias = true) const {
    std::vector<float> y(size(rows * y_stride), untouched);
    kernels::linear<float>(rows, {x.data(), x_stride}, view(), has_bias ? bias.data() : nullptr,
                           rows_view<float>{y.data(), y_stride}, workers);
    return y;
  }
};

const index_type shapes[][3] = {{1, 1, 1},     {1, 7, 3},    {2, 48, 64},  {3, 49, 65},    {5, 100, 31},
                                {8, 17, 1030}, {9, 96, 258}, {33, 50, 77}, {40, 13, 2100}, {3, 20, 9000}};

/// The sum in double of the numbers that bf16 means, and the worst error of float32 sums.
TEST_CASE("bf16: the product of rounded weights") {
  for (const auto& [rows, outputs, inputs] : shapes) {
    const problem<bf16> p{rows, outputs, inputs};
    const auto y = p.result(inline_workers{});
    const bool rounds_activations = sizeof(simd::narrow_words<bf16>::multiplicand) == 4;
    for (index_type row = 0; row < rows; ++row)
      for (index_type output = 0; output < outputs; ++output) {
        double sum = double(p.bias[size(output)]), magnitude = std::abs(sum);
        for (index_type input = 0; input < inputs; ++input) {
          const float x = p.at(row, input), w = p.matrix[size(output * inputs + input)];
          const double product = double(rounds_activations ? float(bfloat16(x)) : x) * double(float(bfloat16(w)));
          sum += product;
          magnitude += std::abs(product);
        }
        INFO(rows << " x " << outputs << " x " << inputs << ", row " << row << ", output " << output);
        REQUIRE(std::abs(double(y[size(row * p.y_stride + output)]) - sum) <= 1e-6 * magnitude);
      }
  }
}

TEST_CASE("int8: sums of integers are exact") {
  for (const auto& [rows, outputs, inputs] : shapes) {
    const problem<int8<>> p{rows, outputs, inputs};
    const auto y = p.result(inline_workers{}, false);
    for (index_type row = 0; row < rows; ++row) {
      float largest = 0;
      for (index_type input = 0; input < inputs; ++input) largest = std::max(largest, std::abs(p.at(row, input)));
      const float scale = int8_scale(largest);
      for (index_type output = 0; output < outputs; ++output) {
        const float* const w = p.matrix.data() + output * inputs;
        float largest_weight = 0;
        for (index_type input = 0; input < inputs; ++input)
          largest_weight = std::max(largest_weight, std::abs(w[input]));
        const float weight_scale = int8_scale(largest_weight);
        std::int64_t sum = 0;
        for (index_type input = 0; input < inputs; ++input)
          sum += std::int64_t{quantize_int8(p.at(row, input), scale)} * quantize_int8(w[input], weight_scale);
        INFO(rows << " x " << outputs << " x " << inputs << ", row " << row << ", output " << output);
        REQUIRE(y[size(row * p.y_stride + output)] == static_cast<float>(sum) * (weight_scale * scale));
      }
    }
  }
}

template <class Format> void check_groups() {
  for (const auto& [rows, outputs, inputs] : shapes) {
    const problem<Format> p{rows, outputs, inputs};
    const auto y = p.result(inline_workers{});
    const auto view = p.view();
    for (index_type row = 0; row < rows; ++row) {
      std::vector<double> rounded(size(inputs));
      for (index_type first = 0; first < inputs; first += Format::group) {
        const index_type end = std::min(inputs, first + Format::group);
        float largest = 0;
        for (index_type input = first; input < end; ++input) largest = std::max(largest, std::abs(p.at(row, input)));
        const float scale = int8_scale(largest);
        for (index_type input = first; input < end; ++input)
          rounded[size(input)] = double(quantize_int8(p.at(row, input), scale)) * double(scale);
      }
      for (index_type output = 0; output < outputs; ++output) {
        double sum = double(p.bias[size(output)]), magnitude = std::abs(sum);
        for (index_type input = 0; input < inputs; ++input) {
          const double x = rounded[size(input)];
          sum += x * double(view(output, input));
          magnitude += std::abs(x);  // the lowest number and the steps above it cancel
        }
        INFO(rows << " x " << outputs << " x " << inputs << ", row " << row << ", output " << output);
        REQUIRE(std::abs(double(y[size(row * p.y_stride + output)]) - sum) <= 1e-6 * magnitude);
      }
    }
  }
}
TEST_CASE("groups: the product of the numbers that are meant") {
  check_groups<int8<groups_of<32>>>();
  check_groups<int8<groups_of<96>>>();
  check_groups<int4<>>();
  check_groups<int4<groups_of<32>, asymmetric>>();
  check_groups<int4<groups_of<64>>>();
}

/// The most by which weights in [-1, 1] are rounded. Symmetric int4 has no +8, so that it loses a whole step there.
template <class Format> float most_error(float) { return 1.0f / 254 + 1e-6f; }
template <> float most_error<bf16>(float w) { return std::abs(w) / 256; }
template <> float most_error<int8<groups_of<32>>>(float) { return 1.0f / 254 + 0.002f; }  // bfloat16 scales
template <> float most_error<int4<>>(float) { return 0.126f; }
template <> float most_error<int4<groups_of<32>, asymmetric>>(float) { return 0.075f; }

template <class Format> void check_view_and_borders() {
  for (const auto& [rows, outputs, inputs] : shapes) {
    const problem<Format> p{rows, outputs, inputs};
    const auto y = p.result(inline_workers{});
    CHECK(p.result(testing::reversed_workers{}) == y);
    for (index_type row = 0; row < rows; ++row)
      for (index_type column = outputs; column < p.y_stride; ++column)
        REQUIRE(y[size(row * p.y_stride + column)] == untouched);
    const narrow_view<Format> view = p.view();
    for (index_type output = 0; output < outputs; ++output)
      for (index_type input = 0; input < inputs; ++input) {
        const float w = p.matrix[size(output * inputs + input)];
        REQUIRE(std::abs(view(output, input) - w) <= most_error<Format>(w));
      }
  }
}
TEST_CASE("narrow matrices mean numbers near the given ones, and products write what is theirs") {
  check_view_and_borders<bf16>();
  check_view_and_borders<int8<>>();
  check_view_and_borders<int8<groups_of<32>>>();
  check_view_and_borders<int4<>>();
  check_view_and_borders<int4<groups_of<32>, asymmetric>>();
}

TEST_CASE("a row of zeros and a matrix of zeros give the bias: int8") {
  problem<int8<>> p{2, 5, 9};
  std::fill(p.x.begin(), p.x.end(), 0.0f);
  const auto y = p.result(inline_workers{});
  for (index_type row = 0; row < 2; ++row)
    for (index_type output = 0; output < 5; ++output) CHECK(y[size(row * p.y_stride + output)] == p.bias[size(output)]);
}

}  // namespace
}  // namespace typeformer
