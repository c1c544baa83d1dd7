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
/// Rows that are read are numbered [group][i < outer][part < inner][run], those in the file [group][part][i][run], where
/// the first part has `first` runs and any other has one. Llama's projections of queries with outer = 2 and inner = half
/// the width of a head turn half-split pairs, and are stored to turn adjacent ones. A fused projection is read head by
/// head of keys (outer of them), with `first` heads of queries each, and stored part by part (inner = 3).
struct stored_order {
  bool is_transposed = false;
  std::int64_t outer = 1, inner = 1, run = 1, first = 1;
  float added = 0;               ///< to each number when it is stored
  std::int64_t absent_rows = 0;  ///< zeros at the beginning that the file lacks
  bool is_inverse = false;       ///< the file has the order that is read, and the other way round

  constexpr bool operator==(const stored_order&) const = default;
  constexpr bool swaps_rows() const { return outer != 1 && inner != 1; }
  constexpr bool is_plain() const { return !is_transposed && !swaps_rows() && added == 0 && absent_rows == 0; }

  /// Where the file has a row of those that it does not lack.
  constexpr std::int64_t row_in_file(std::int64_t row) const {
    const std::int64_t runs = first + inner - 1, k = row % run, at = row / run % (runs * outer);
    const std::int64_t group = row - k - at * run;
    return group + (is_inverse ? run_read_at(at, runs) : run_stored_at(at / runs, at % runs)) * run + k;
  }
  /// The order of the rows in the file, seen from there. Precondition: no rows are absent.
  constexpr stored_order inverse() const {
    stored_order other = *this;
    other.is_inverse = !is_inverse, other.added = -added;
    return other;
  }

 private:
  constexpr std::int64_t run_stored_at(std::int64_t i, std::int64_t r) const {
    return r < first ? i * first + r : outer * r + i;
  }
  constexpr std::int64_t run_read_at(std::int64_t at, std::int64_t runs) const {
    const std::int64_t of_first = outer * first;
    if (at < of_first) return at / first * runs + at % first;
    return at % outer * runs + at / outer;
  }
};

static_assert([] {
  constexpr stored_order pairs{.outer = 2, .inner = 3, .run = 4}, fused{.outer = 3, .inner = 3, .run = 2, .first = 4};
  for (std::int64_t row = 0; row < 72; ++row)
    if (pairs.inverse().row_in_file(pairs.row_in_file(row)) != row ||
        fused.inverse().row_in_file(fused.row_in_file(row)) != row)
      return false;
  return pairs.row_in_file(24 + 4) == 24 + 8 && pairs.row_in_file(12 + 1) == 5 && fused.row_in_file(12) == 8 &&
         fused.row_in_file(8) == 24 && fused.row_in_file(10) == 30;
}());

}  // namespace typeformer
