// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <support/kernel_cases.hpp>

namespace typeformer::testing {

/// Rows `gap` scalars further apart than they are wide; what lies between them is NaN, which nobody may read.
struct rows_apart {
  index_type rows, width, gap;
  std::vector<float> numbers;
  rows_view<const float> view() const { return {numbers.data(), width + gap}; }
};

inline rows_apart apart(index_type rows, index_type width, index_type gap, const std::vector<float>& values) {
  std::vector<float> numbers(static_cast<std::size_t>(rows * (width + gap)), std::numeric_limits<float>::quiet_NaN());
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < width; ++i)
      numbers[static_cast<std::size_t>(row * (width + gap) + i)] = values[static_cast<std::size_t>(row * width + i)];
  return {rows, width, gap, std::move(numbers)};
}

/// What a gradient may be off: 2e-5 of the largest one and 5e-6.
inline double gradient_tolerance(const std::vector<double>& expected) {
  double largest = 0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  return 2e-5 * largest + 5e-6;
}

inline void check_agrees(spaced_rows& got, const std::vector<double>& expected) {
  CHECK(got.distance_to(expected) < gradient_tolerance(expected));
}
inline void check_agrees(const std::vector<float>& got, const std::vector<double>& expected) {
  spaced_rows all{1, static_cast<index_type>(got.size()), 0, got};
  check_agrees(all, expected);
}

}  // namespace typeformer::testing
