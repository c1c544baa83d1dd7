// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// The pairs of columns of queries and keys that rotate together, in the files that a model is loaded from.
enum class rotary_order {
  half_split,  ///< i and i + width / 2, as Hugging Face's
  adjacent     ///< 2i and 2i + 1, as llama2.c's
};

/// How a file stores a tensor that has another order under the name that it is read by.
///
/// Rows that are read are numbered [group][i < outer][j < inner][run], those in the file [group][j][i][run]: Llama's
/// projections of queries with outer = 2 and inner = half the width of a head turn half-split pairs, and are stored to
/// turn adjacent ones; a fused projection with outer = heads and inner = 3 is read head by head and stored part by part.
struct stored_order {
  bool is_transposed = false;
  std::int64_t outer = 1, inner = 1, run = 1;
  float added = 0;  ///< to each number when it is stored

  constexpr bool operator==(const stored_order&) const = default;
  constexpr bool swaps_rows() const { return outer != 1 && inner != 1; }
  constexpr bool is_plain() const { return !is_transposed && !swaps_rows() && added == 0; }

  constexpr std::int64_t row_in_file(std::int64_t row) const {
    const std::int64_t k = row % run, j = row / run % inner, i = row / run / inner % outer;
    return row - k - (i * inner + j) * run + (j * outer + i) * run + k;
  }
  /// The order of the rows in the file, seen from there.
  constexpr stored_order inverse() const { return {is_transposed, inner, outer, run, -added}; }
};

static_assert([] {
  constexpr stored_order order{false, 2, 3, 4};
  for (std::int64_t row = 0; row < 72; ++row)
    if (order.inverse().row_in_file(order.row_in_file(row)) != row) return false;
  return order.row_in_file(24 + 4) == 24 + 8 && order.row_in_file(12 + 1) == 5;
}());

}  // namespace typeformer
