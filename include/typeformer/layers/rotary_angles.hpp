// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The two columns of a head that rotate together: neighbors (Su et al.; GPT-J) or columns i and i + width/2 (GPT-NeoX,
/// Llama).
struct rotary_pairs;
struct adjacent_pairs {
  using option_kind = rotary_pairs;
};
struct half_split_pairs {
  using option_kind = rotary_pairs;
};

/// The number of columns of each head that are rotated.
template <index_type N> struct rotary_width {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

/// The table, and for each sequence the angles by which cached keys are rotated back when tokens are dropped.
template <axis RowsAre, index_type RotaryWidth> struct shifting_rotary_table {
  ref<rows<RowsAre, RotaryWidth>> table;
  ref<sequence_rows<RotaryWidth>> shift;
};

/// What `rotary_positions` passes down: the table [rows][cosines, sines] and how to use it.
template <axis RowsAre, index_type RotaryWidth, class Pairs> struct rotary_angles {
  using key = passes::rotary;
  static constexpr index_type width = RotaryWidth;
  static constexpr std::array widths{RotaryWidth};
  using pairs = Pairs;
  template <class Use>
  using value = std::conditional_t<(Use::reserved.sinks >= 0), shifting_rotary_table<RowsAre, RotaryWidth>,
                                   ref<rows<RowsAre, RotaryWidth>>>;
};

/// What `rotary_positions_of_layers` passes down: the tables of several `Angles` in one buffer. Iteration i of the
/// outermost loop uses number `Of(i)`, or none if that is −1.
template <axis RowsAre, index_type (*Of)(index_type iteration), class... Angles> struct rotary_angles_of_layers {
  using key = passes::rotary;
  static constexpr index_type width = (std::max)({Angles::width...});  ///< of the widest
  static constexpr std::array widths{Angles::width...};
  template <class Use> using value = ref<rows<RowsAre, (Angles::width + ...)>>;
};

}  // namespace typeformer
