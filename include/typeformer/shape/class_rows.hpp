// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// The row of a sequence's valid token number `n`, from 0 on; -1: it has none.
constexpr index_type valid_row(const batch_rows& batch, index_type s, index_type n) {
  const std::uint8_t* const valid = batch.valid_of(s);
  for (index_type i = 0; i < batch.rows_of(s); ++i)
    if ((!valid || valid[i]) && n-- == 0) return batch.first_row[s] + i;
  return -1;
}
/// The row of a sequence's first valid token, -1: it has none.
constexpr index_type first_valid_row(const batch_rows& batch, index_type s) { return valid_row(batch, s, 0); }

/// Where learned vectors stand among the valid rows of a sequence: `count` of them first, or `count` at the beginning
/// of every `every` rows.
struct class_row_layout {
  index_type count = 0, every = 0;

  /// The vector in valid row number `n`; -1: the row is read.
  constexpr index_type vector_in(index_type n) const {
    const index_type place = every > 0 ? n % every : n;
    return place < count ? place : -1;
  }
  constexpr bool operator==(const class_row_layout&) const = default;
};

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

/// Calls f(row, vector) for the rows that learned vectors take in sequences that begin afresh. Of a sequence without a
/// valid row it is the first.
template <class F> constexpr void for_each_class_row(const batch_rows& batch, class_row_layout learned, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s) {
    const index_type of_class = class_row(batch, s);
    if (of_class < 0) continue;
    f(of_class, index_type{0});
    const std::uint8_t* const valid = batch.valid_of(s);
    const index_type first = batch.first_row[s];
    index_type n = 1;
    for (index_type row = of_class + 1; row < batch.first_row[s + 1] && (learned.every > 0 || n < learned.count); ++row)
      if (!valid || valid[row - first])
        if (const index_type vector = learned.vector_in(n++); vector >= 0) f(row, vector);
  }
}

/// Calls f(sequence, row, patch) for every row of a batch of images: the patches are those of the valid rows without a
/// learned vector, in their order; -1 for the other rows.
template <class F> constexpr void for_each_patch_row(const batch_rows& batch, class_row_layout learned, F&& f) {
  for (index_type s = 0; s < batch.sequences; ++s) {
    const std::uint8_t* const valid = batch.valid_of(s);
    const index_type first = batch.first_row[s];
    index_type n = 0, patch = 0;
    for (index_type row = first; row < batch.first_row[s + 1]; ++row) {
      const bool is_valid = !valid || valid[row - first];
      f(s, row, is_valid && learned.vector_in(n) < 0 ? patch++ : index_type{-1});
      n += is_valid;
    }
  }
}

/// How many rows of features belong to a batch.
constexpr index_type feature_rows_of(const batch_rows& batch, bool has_class_token) {
  index_type rows = batch.rows;
  for (index_type s = 0; has_class_token && s < batch.sequences; ++s) rows -= class_row(batch, s) >= 0;
  return rows;
}

}  // namespace typeformer
