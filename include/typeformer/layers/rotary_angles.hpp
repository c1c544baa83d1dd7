// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// How many columns of each head are rotated.
template <index_type N> struct rotary_width {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

/// What `rotary_positions` passes down: the table [rows][cosines, sines] and how to use it.
template <axis RowsAre, index_type RotaryWidth, class Pairs> struct rotary_angles {
  using key = passes::rotary;
  static constexpr index_type width = RotaryWidth;
  using pairs = Pairs;
  template <class Use> using value = ref<rows<RowsAre, RotaryWidth>>;
};

}  // namespace typeformer
