// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/activation.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

template <class A> void activate_row(index_type width, const float* x, float* y) {
  for_each_pack(width, [&](index_type i, auto n) { store(A::value(load(x + i, n)), y + i, n); });
}

template <class A> void gated_activation_row(index_type width, const float* gate, const float* value, float* y) {
  for_each_pack(width,
                [&](index_type i, auto n) { store(A::value(load(gate + i, n)) * load(value + i, n), y + i, n); });
}

}  // namespace detail

/// `reference::activate`, same operands.
template <class A, class S, Workers W>
constexpr void activate(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        if (x.stride == width && y.stride == width) return detail::activate_row<A>(count * width, x[first], y[first]);
        for (index_type row = first; row < first + count; ++row) detail::activate_row<A>(width, x[row], y[row]);
      });
  reference::activate<A, S>(rows, width, x, y);
}

/// `reference::gated_activation`, same operands.
template <class A, class S, Workers W>
constexpr void gated_activation(index_type rows, index_type width, rows_view<const S> x, rows_view<S> y,
                                const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::gated_activation_row<A>(width, x[row], x[row] + width, y[row]);
      });
  reference::gated_activation<A, S>(rows, width, x, y);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
