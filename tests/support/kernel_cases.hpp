// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <support/catch.hpp>
#include <support/finite_differences.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::testing {

/// Four workers that take their parts in reverse order, on one thread.
struct reversed_workers {
  static constexpr index_type count() { return 4; }
  template <class F> void for_each(index_type parts, F&& f) const {
    for (index_type part = parts; part-- > 0;) f(part);
  }
};

/// Widths around whole packs of 1, 4, 8 and 16 lanes.
inline constexpr index_type awkward_widths[] = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 100, 768};

/// Rows `gap` scalars further apart than they are wide; the gaps hold a value that must survive.
struct spaced_rows {
  static constexpr float untouched = 12345.0f;
  index_type rows, width, gap;
  std::vector<float> numbers = std::vector<float>(static_cast<std::size_t>(rows * (width + gap)), untouched);

  rows_view<float> view() { return {numbers.data(), width + gap}; }
  void fill(const std::vector<float>& values) {
    for (index_type row = 0; row < rows; ++row)
      for (index_type i = 0; i < width; ++i) view()[row][i] = values[static_cast<std::size_t>(row * width + i)];
  }
  bool gaps_are_untouched() {
    for (index_type row = 0; row < rows; ++row)
      for (index_type i = width; i < width + gap; ++i)
        if (view()[row][i] != untouched) return false;
    return true;
  }
  /// The largest difference, or infinity when something is not finite.
  double distance_to(const std::vector<double>& expected) {
    double worst = 0;
    for (index_type row = 0; row < rows; ++row)
      for (index_type i = 0; i < width; ++i) {
        const double difference = std::abs(view()[row][i] - expected[static_cast<std::size_t>(row * width + i)]);
        worst = std::isfinite(difference) ? std::max(worst, difference) : INFINITY;
      }
    return worst;
  }
};

/// Numbers in [-1, 1) of a linear congruential generator.
inline std::vector<float> seeded_numbers(index_type n, unsigned seed) {
  std::vector<float> v(static_cast<std::size_t>(n));
  for (float& x : v) {
    seed = seed * 1664525u + 1013904223u;
    x = static_cast<float>(seed >> 8) / 8388608.0f - 1.0f;
  }
  return v;
}

inline std::vector<double> in_double(const std::vector<float>& numbers) { return {numbers.begin(), numbers.end()}; }

}  // namespace typeformer::testing
