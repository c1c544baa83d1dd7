// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/optimizers/detail/elements.hpp>
#include <typeformer/optimizers/optimizer.hpp>

namespace typeformer::detail {

/// A tensor as a batch of matrices, which are its last two extents. A vector is not factored.
struct adafactor_shape {
  index_type matrices = 1, rows = 0, columns = 0;

  constexpr explicit adafactor_shape(std::span<const index_type> shape) {
    if (shape.size() < 2) return;
    rows = shape[shape.size() - 2];
    columns = shape[shape.size() - 1];
    for (const index_type extent : shape.first(shape.size() - 2)) matrices *= extent;
  }
  constexpr bool factored() const { return rows > 0; }
};

/// The second moment of a tensor in Adafactor's form, and the step sizes that follow from it.
template <class S> class adafactor_second_moment {
 public:
  constexpr adafactor_second_moment(std::span<const index_type> shape, index_type size, S* state)
      : shape_{shape}, size_{size}, rows_{state}, columns_{state + shape_.matrices * shape_.rows} {}

  /// `kept` is β̂₂ₜ.
  constexpr void update(const S* gradient, double kept, double regularization) const {
    const S keep = S(kept), epsilon = S(regularization), fresh = S(1 - kept);
    if (!shape_.factored()) {
      const auto average = [=](auto g, auto& v) { v = keep * v + fresh * (g * g + epsilon); };
      return update_elements<S>(size_, average, gradient, rows_);
    }
    const S fraction_of_row = S((1 - kept) / double(shape_.rows));
    for (index_type matrix = 0; matrix < shape_.matrices; ++matrix) {
      S* const columns = columns_of(matrix);
      for (index_type column = 0; column < shape_.columns; ++column) columns[column] *= keep;
      for (index_type row = 0; row < shape_.rows; ++row) {
        const auto average = [=](auto g, auto& v) {
          const auto square = g * g + epsilon;
          v = v + fraction_of_row * square;
          return square;
        };
        const double sum = accumulate_elements<S>(shape_.columns, average, row_of(gradient, matrix, row), columns);
        S& mean = rows_[matrix * shape_.rows + row];
        mean = keep * mean + S((1 - kept) * sum / double(shape_.columns));
      }
    }
  }

  /// Calls `visit(first, count, row_factor, second_moment)` for runs of elements whose normalized gradient is
  /// g · row_factor / √second_moment.
  template <class Visit> constexpr void for_each_run(Visit&& visit) const {
    if (!shape_.factored()) return visit(index_type{0}, size_, S(1), static_cast<const S*>(rows_));
    for (index_type matrix = 0; matrix < shape_.matrices; ++matrix) {
      const S* const rows = rows_ + matrix * shape_.rows;
      double sum = 0;
      for (index_type row = 0; row < shape_.rows; ++row) sum += double(rows[row]);
      for (index_type row = 0; row < shape_.rows; ++row)
        visit((matrix * shape_.rows + row) * shape_.columns, shape_.columns,
              S(math::sqrt(sum / double(shape_.rows) / double(rows[row]))), static_cast<const S*>(columns_of(matrix)));
    }
  }

 private:
  constexpr S* columns_of(index_type matrix) const { return columns_ + matrix * shape_.columns; }
  constexpr const S* row_of(const S* tensor, index_type matrix, index_type row) const {
    return tensor + (matrix * shape_.rows + row) * shape_.columns;
  }

  adafactor_shape shape_;
  index_type size_;
  S *rows_, *columns_;
};

}  // namespace typeformer::detail
