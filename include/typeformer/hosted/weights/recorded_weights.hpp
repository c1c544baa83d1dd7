// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <vector>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/language_model_head.hpp>
#include <typeformer/execution/linear.hpp>
#include <typeformer/parameters/parameters.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// Σ x xᵀ [inputs][inputs] over the rows that a matrix was multiplied by; below the diagonal.
struct input_moments {
  index_type inputs = 0;
  std::vector<double> sums{};

  explicit input_moments(index_type width) : inputs{width}, sums(std::size_t(width * width)) {}
  void add(index_type rows, rows_view<const float> x) {
    for (index_type row = 0; row < rows; ++row)
      for (index_type i = 0; i < inputs; ++i) {
        const double one = double(x[row][i]);
        double* const to = sums.data() + i * inputs;
        for (index_type k = 0; k <= i; ++k) to[k] += one * double(x[row][k]);
      }
  }
};

/// A canonical matrix that records the rows that it is multiplied by, unless there are no moments.
struct recorded_matrix : row_major_view<const float> {
  input_moments* moments = nullptr;
};

/// Canonical parameters, of which the matrix at one offset records the rows that it is multiplied by.
struct recorded_weights_view {
  const float* data = nullptr;
  index_type offset = 0;
  input_moments* moments = nullptr;

  template <index_type Outputs, index_type Inputs> recorded_matrix matrix(index_type at) const {
    return {{data + at, Outputs, Inputs}, at == offset ? moments : nullptr};
  }
  template <index_type Rows, index_type Width> row_major_view<const float> table(index_type at) const {
    return {data + at, Rows, Width};
  }
  const float* vector(index_type at) const { return data + at; }
};
template <class M> struct recorded_weights {
  using model = M;
  recorded_weights_view where;

  recorded_weights_view view() const { return where; }
};

template <index_type Inputs, index_type Outputs, class W>
void execute(linear_operation<Inputs, Outputs> operation, const call<W>& c, block_view<const float> x,
             recorded_matrix weight, const float* bias, block_view<float> y) {
  if (weight.moments) weight.moments->add(x.rows, x);
  execute(operation, c, x, static_cast<const row_major_view<const float>&>(weight), bias, y);
}
template <index_type Width, index_type Classes, class W>
void execute(head_operation<Width, Classes> operation, const call<W>& c, block_view<const float> h,
             recorded_matrix weight, const float* bias, block_view<float> logits) {
  if (weight.moments) weight.moments->add(h.rows, h);
  execute(operation, c, h, static_cast<const row_major_view<const float>&>(weight), bias, logits);
}

}  // namespace typeformer
