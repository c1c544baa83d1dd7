// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/activation.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

template <class A> void activate_back_row(index_type width, const float* x, const float* dy, float* dx) {
  for_each_pack(width,
                [&](index_type i, auto n) { store(load(dy + i, n) * A::derivative(load(x + i, n)), dx + i, n); });
}

template <class A> void gated_activation_back_row(index_type width, const float* x, const float* dy, float* dx) {
  using pack = simd::pack<float>;
  for_each_pack(width, [&](index_type i, auto n) {
    const pack gate = load(x + i, n), value = load(x + width + i, n), gradient = load(dy + i, n);
    store(gradient * value * A::derivative(gate), dx + i, n);
    store(gradient * A::value(gate), dx + width + i, n);
  });
}

}  // namespace detail

/// `reference::activate_back`, same operands.
template <class A, class S, Workers W>
constexpr void activate_back(index_type rows, index_type width, rows_view<const S> x, rows_view<const S> dy,
                             rows_view<S> dx, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::activate_back_row<A>(width, x[row], dy[row], dx[row]);
      });
  reference::activate_back<A, S>(rows, width, x, dy, dx);
}

/// `reference::gated_activation_back`, same operands.
template <class A, class S, Workers W>
constexpr void gated_activation_back(index_type rows, index_type width, rows_view<const S> x, rows_view<const S> dy,
                                     rows_view<S> dx, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::gated_activation_back_row<A>(width, x[row], dy[row], dx[row]);
      });
  reference::gated_activation_back<A, S>(rows, width, x, dy, dx);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
