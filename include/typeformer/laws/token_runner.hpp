// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::laws {

/// Rows of a walk's output.
struct delivered_rows {
  axis rows_are = axis::token;
  index_type width = 1;
  std::vector<double> values{};

  index_type count() const { return index_type(values.size()) / width; }
  std::span<const double> operator[](index_type row) const {
    return std::span{values}.subspan(std::size_t(row * width), std::size_t(width));
  }
};

/// Runs a walk in double on tokens. A model reads their ids itself; for a probe the rows are looked up. Most walks
/// deliver one kind of rows, some both tokens and sequences.
template <class Walk, class Use> class token_runner {
 public:
  using plan = planned<Walk, Use>;

  explicit token_runner(index_type vocabulary)
      : vocabulary_{vocabulary}, weights_(random_values<double>(plan::value.parameters)) {}

  std::vector<delivered_rows> run(const token_batch& batch) {
    for_each_input(batch, [&](const token_batch& rows, index_type width, index_type offset) {
      const std::vector<double> table = random_values<double>(vocabulary_ * width, 5);
      for (index_type row = 0; row < rows.rows; ++row)
        std::copy_n(table.begin() + rows.ids[row] * width, width, weights_.begin() + offset + row * width);
    });
    return rows_of(runner_.run(canonical_weights_view<double>{weights_.data()}, batch));
  }

  /// The gradients of the last run. Those of a probe's rows are added for each token, as those of a table are. A row
  /// that belongs to no valid token must have none; otherwise it counts as one more token.
  std::vector<double> gradients(const token_batch& batch) const {
    std::vector<double> all = runner_.gradients;
    for_each_input(batch, [&](const token_batch& rows, index_type width, index_type offset) {
      std::vector<double> sums(std::size_t((vocabulary_ + 1) * width));
      for (index_type s = 0, row = 0; s < rows.sequences; ++s)
        for (index_type i = 0; i < rows.rows_of(s); ++i, ++row) {
          const bool valid = !rows.key_valid || rows.key_valid[s * rows.key_stride + i];
          for (index_type k = 0; k < width; ++k) {
            double& gradient = all[std::size_t(offset + row * width + k)];
            sums[std::size_t((valid ? rows.ids[row] : vocabulary_) * width + k)] += gradient;
            gradient = 0;
          }
        }
      all.insert(all.end(), sums.begin(), sums.end());
    });
    return all;
  }
  std::vector<double>& state() { return runner_.state(); }

 private:
  /// The parameters of a probe that are the rows of its input and its source: `f(tokens, width, offset)`.
  template <class F> static void for_each_input(const token_batch& batch, F&& f) {
    if constexpr (requires { Walk::input_width; }) {
      f(batch, Walk::input_width, 0);
      if constexpr (Walk::source_width > 0)
        if (batch.source)
          f(*batch.source, Walk::source_width, row_capacity(axis::token, Use::reserved) * Walk::input_width);
    }
  }

  static delivered_rows copy_of(block_view<const double> rows) {
    return {rows.rows_are, rows.stride, {rows.data, rows.data + rows.rows * rows.stride}};
  }
  static std::vector<delivered_rows> rows_of(block_view<const double> rows) { return {copy_of(rows)}; }
  template <class Tokens, class Sequences>
  static std::vector<delivered_rows> rows_of(const tokens_and_sequences<Tokens, Sequences>& both) {
    return {copy_of(both.tokens), copy_of(both.sequences)};
  }

  index_type vocabulary_;
  std::vector<double> weights_;
  walk_runner<Walk, Use, double> runner_;
};

/// Largest difference of two rows, relative to the largest number of the second, which counts as 1e-3 at least.
inline double row_error(std::span<const double> found, std::span<const double> expected) {
  double error = 0, largest = 1e-3;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double difference = found[i] > expected[i] ? found[i] - expected[i] : expected[i] - found[i];
    if (!is_finite(difference)) return (std::numeric_limits<double>::max)();
    error = (std::max)(error, difference);
    largest = (std::max)({largest, expected[i], -expected[i]});
  }
  return error / largest;
}

}  // namespace typeformer::laws
