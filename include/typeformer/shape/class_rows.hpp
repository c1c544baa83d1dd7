// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The row of a sequence's first valid token, -1: it has none.
constexpr index_type first_valid_row(const batch_rows& batch, index_type s) {
  const std::uint8_t* const valid = batch.valid_of(s);
  for (index_type i = 0; i < batch.rows_of(s); ++i)
    if (!valid || valid[i]) return batch.first_row[s] + i;
  return -1;
}

/// The row that a class token takes in a sequence: the first valid one (or the first) where the sequence begins afresh,
/// -1 where it goes on or has no row.
constexpr index_type class_row(const batch_rows& batch, index_type s) {
  if (batch.rows_of(s) == 0 || batch.past_of(s) > 0) return -1;
  const index_type row = first_valid_row(batch, s);
  return row < 0 ? batch.first_row[s] : row;
}

/// Calls f(row, row of the features) for every row of a batch; the features have no row for a class token, where it is -1.
template <class F> constexpr void for_each_feature_row(const batch_rows& batch, bool has_class_token, F&& f) {
  index_type feature = 0;
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type of_class = has_class_token ? class_row(batch, s) : -1;
    for (index_type row = batch.first_row[s]; row < batch.first_row[s + 1]; ++row)
      f(row, row == of_class ? index_type{-1} : feature++);
  }
}

/// Calls f(sequence, row, patch) for every row of a batch of images: the patches are those of the valid rows, in their
/// order; -1 for a class token and for padding.
template <class F> constexpr void for_each_patch_row(const batch_rows& batch, bool has_class_token, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s) {
    const std::uint8_t* const valid = batch.valid_of(s);
    const index_type of_class = has_class_token ? class_row(batch, s) : -1, first = batch.first_row[s];
    index_type patch = 0;
    for (index_type row = first; row < batch.first_row[s + 1]; ++row)
      f(s, row, row == of_class || (valid && !valid[row - first]) ? index_type{-1} : patch++);
  }
}

/// How many rows of features belong to a batch.
constexpr index_type feature_rows_of(const batch_rows& batch, bool has_class_token) {
  index_type rows = batch.rows;
  for (index_type s = 0; has_class_token && s < batch.sequences; ++s) rows -= class_row(batch, s) >= 0;
  return rows;
}

}  // namespace typeformer
