// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/shape/class_rows.hpp>

namespace typeformer {

/// Rows of features of several sequences, one sequence after the other.
struct ragged_features {
  std::span<const float> rows;          ///< [sum of lengths][channels]
  std::span<const index_type> lengths;  ///< [sequences], the number of rows of each
};

/// Rows of features in one rectangle [sequences][length], in which only the valid ones count.
struct padded_features {
  std::span<const float> rows;          ///< [sequences][length][channels]
  std::span<const std::uint8_t> valid;  ///< [sequences][length]
  index_type length = 0;
};

namespace detail {

/// A length that a caller gave with so many values, not much larger than any right one, so that sums do not overflow.
constexpr index_type countable_rows(index_type length, std::size_t values) {
  return (std::min)(length, static_cast<index_type>(values) + (index_type{1} << 20));
}

/// Fills the tables of a batch for a model `M` that reads real values. The values are not copied.
template <class M, capacities Reserved, class Tables> class real_batch {
 public:
  static constexpr index_type channels = feature_channels<M>;
  using problem = inference_error::problem;
  using outcome = result<token_batch, inference_error>;

  constexpr explicit real_batch(Tables& tables) : tables_{tables} { tables.clear(); }

  /// The rows of one sequence, or images one after the other.
  constexpr outcome of(std::span<const float> values) {
    if constexpr (reads_images<M>) {
      const index_type images = index_type(values.size()) / image_values<M>;
      if (index_type(values.size()) != images * image_values<M>)
        return rejected(problem::values_do_not_fill_rows, 0, values.size(), image_values<M>);
      if (images > Reserved.batch) return rejected(problem::too_many_sequences, 0, images, Reserved.batch);
      if (images == 0) return rejected(problem::no_tokens, 0, 0, 1);
      constexpr index_type rows = image_rows<M>;
      if (rows > Reserved.tokens) return rejected(problem::too_many_tokens, 0, rows, Reserved.tokens);
      for (index_type s = 0; s < images; ++s) add_sequence(rows);
      token_batch batch = tables_.view();
      batch.images = values.data();
      batch.image_values = image_values<M>;
      return batch;
    } else {
      const index_type length = index_type(values.size()) / channels;
      return of(ragged_features{values, {&length, 1}});
    }
  }
  constexpr outcome of(const ragged_features& given) {
    index_type all = 0;
    if (index_type(given.lengths.size()) > Reserved.batch)
      return rejected(problem::too_many_sequences, 0, given.lengths.size(), Reserved.batch);
    for (std::size_t s = 0; s < given.lengths.size(); ++s) {
      const index_type length = detail::countable_rows(given.lengths[s], given.rows.size()),
                       rows = length + index_type(has_class_token<M>);
      if (length < 1) return rejected(problem::no_tokens, index_type(s), length, 1);
      if (rows > Reserved.tokens) return rejected(problem::too_many_tokens, index_type(s), rows, Reserved.tokens);
      all += length;
      add_sequence(rows);
    }
    if (index_type(given.rows.size()) != all * channels)
      return rejected(problem::values_do_not_fill_rows, 0, given.rows.size(), all * channels);
    return with_features(tables_.view(), given.rows);
  }
  /// Positions count the valid rows. With a class token, which comes before the first valid row, each sequence has one
  /// more row than the rectangle.
  constexpr outcome of(const padded_features& given) {
    const index_type length = detail::countable_rows(given.length, given.valid.size()),
                     rows = length + index_type(has_class_token<M>);
    const index_type sequences = length > 0 ? index_type(given.valid.size()) / length : 0;
    if (sequences * length != index_type(given.valid.size()))
      return rejected(problem::unequal_rows, 0, given.valid.size(), given.length);
    if (index_type(given.rows.size()) != sequences * length * channels)
      return rejected(problem::values_do_not_fill_rows, 0, given.rows.size(), sequences * length * channels);
    if (sequences > Reserved.batch) return rejected(problem::too_many_sequences, 0, sequences, Reserved.batch);
    if (rows > Reserved.tokens) return rejected(problem::too_many_tokens, 0, rows, Reserved.tokens);
    for (index_type s = 0; s < sequences; ++s)
      add_padded(given.valid.subspan(std::size_t(s * length), std::size_t(length)));
    token_batch batch = with_features(tables_.view(), given.rows);
    if constexpr (has_class_token<M>) batch.key_valid = tables_.flags();
    else batch.key_valid = given.valid.data();
    batch.key_stride = rows;
    return batch;
  }

 private:
  constexpr void add_sequence(index_type rows) {
    tables_.start_sequence(0);
    for (index_type i = 0; i < rows; ++i) tables_.add(0, i);
  }
  constexpr void add_padded(std::span<const std::uint8_t> valid) {
    tables_.start_sequence(0);
    index_type position = 0;
    const auto add = [&](bool is_valid) {
      tables_.add(0, position, 0, is_valid);
      position += is_valid;
    };
    bool is_begun = !has_class_token<M>, any = false;
    for (const std::uint8_t flag : valid) any = any || flag != 0;
    for (const std::uint8_t flag : valid) {
      if (!is_begun && (flag || !any)) add(true), is_begun = true;
      add(flag != 0);
    }
  }
  static constexpr token_batch with_features(token_batch batch, std::span<const float> rows) {
    batch.features = rows.data();
    batch.channels = channels;
    batch.feature_rows = feature_rows_of(batch, has_class_token<M>);
    return batch;
  }

  Tables& tables_;
};

}  // namespace detail

}  // namespace typeformer
