// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/soft_cap.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

inline void soft_cap_row(index_type width, const float* x, float cap, float* y) {
  using pack = simd::pack<float>;
  const pack limit(cap), scale(1 / cap);
  for_each_pack(width, [&](index_type i, auto n) { store(limit * tanh(load(x + i, n) * scale), y + i, n); });
}

inline void soft_cap_back_row(index_type width, const float* y, float cap, const float* dy, float* dx) {
  using pack = simd::pack<float>;
  const pack scale(1 / cap);
  for_each_pack(width, [&](index_type i, auto n) {
    const pack t = load(y + i, n) * scale;
    store(load(dy + i, n) * (1.0f - t * t), dx + i, n);
  });
}

}  // namespace detail

/// `reference::soft_cap`, same operands.
template <class S, Workers W>
constexpr void soft_cap(index_type rows, index_type width, rows_view<const S> x, S cap, rows_view<S> y,
                        const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row) detail::soft_cap_row(width, x[row], cap, y[row]);
      });
  reference::soft_cap<S>(rows, width, x, cap, y);
}

/// `reference::soft_cap_back`, same operands.
template <class S, Workers W>
constexpr void soft_cap_back(index_type rows, index_type width, rows_view<const S> y, S cap, rows_view<const S> dy,
                             rows_view<S> dx, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, width, workers, [&](index_type first, index_type count) {
        for (index_type row = first; row < first + count; ++row)
          detail::soft_cap_back_row(width, y[row], cap, dy[row], dx[row]);
      });
  reference::soft_cap_back<S>(rows, width, y, cap, dy, dx);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
