// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>

namespace typeformer {

/// The number in a row and a column of a tensor: of one that a file may lack, or an initial value.
using value_of_place = double (*)(index_type row, index_type column);

constexpr double zero_everywhere(index_type, index_type) { return 0; }

namespace detail {
/// Pairs of columns i and half + i whose frequencies fall from 1, by a factor of 10000 after `intervals` pairs.
constexpr double sine_or_cosine(index_type row, index_type column, index_type half, double intervals) {
  const double angle = double(row) * math::pow(10000.0, -double(column % half) / intervals);
  return column < half ? math::sin(angle) : math::cos(angle);
}
}  // namespace detail

/// A table of sinusoids of even width with the columns of `sines_before_cosines` (Marian, PEGASUS).
template <index_type Width> constexpr double half_split_sinusoid(index_type row, index_type column) {
  return detail::sine_or_cosine(row, column, Width / 2, double(Width) / 2);
}
/// The same with the factor 10000 between the first and the last pair (Whisper's `sinusoids`).
template <index_type Width> constexpr double inclusive_sinusoid(index_type row, index_type column) {
  return detail::sine_or_cosine(row, column, Width / 2, double(Width) / 2 - 1);
}

}  // namespace typeformer
