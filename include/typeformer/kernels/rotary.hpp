// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstring>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/rotary.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Rotates one head of one row. `direction` is 1, or -1 for the inverse.
template <rotary_pairing P>
void rotate_head(index_type pairs, const float* cosines, const float* sines, float direction, const float* from,
                 float* to) {
  using pack = simd::pack<float>;
  if constexpr (P == rotary_pairing::half_split) {
    for_each_pack(pairs, [&](index_type i, auto n) {
      const pack a = load(from + i, n), b = load(from + pairs + i, n);
      const pack cosine = load(cosines + i, n), sine = load(sines + i, n) * pack(direction);
      store(a * cosine - b * sine, to + i, n);
      store(fma(a, sine, b * cosine), to + pairs + i, n);
    });
  } else {
    for (index_type pair = 0; pair < pairs; ++pair) {
      const float a = from[2 * pair], b = from[2 * pair + 1];
      const float cosine = cosines[pair], sine = direction * sines[pair];
      to[2 * pair] = a * cosine - b * sine;
      to[2 * pair + 1] = a * sine + b * cosine;
    }
  }
}

}  // namespace detail

/// `reference::rotate`, same operands.
template <rotary_pairing P, class S, Workers W>
constexpr void rotate(index_type rows, index_type heads, index_type head_width, index_type rotary_width, const S* table,
                      rows_view<const S> x, rows_view<S> y, bool inverse, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_row_block(rows, heads * head_width, workers, [&](index_type first, index_type count) {
        const auto unturned = static_cast<std::size_t>(head_width - rotary_width) * sizeof(float);
        for (index_type row = first; row < first + count; ++row)
          for (index_type head = 0; head < heads; ++head) {
            const float *const from = x[row] + head * head_width, *const cosines = table + row * rotary_width;
            float* const to = y[row] + head * head_width;
            detail::rotate_head<P>(rotary_width / 2, cosines, cosines + rotary_width / 2, inverse ? -1.0f : 1.0f, from,
                                   to);
            if (unturned && to != from) std::memcpy(to + rotary_width, from + rotary_width, unturned);
          }
      });
  reference::rotate<P, S>(rows, heads, head_width, rotary_width, table, x, y, inverse);
}

template <rotary_pairing P, class S, Workers W>
constexpr void rotate(index_type rows, index_type heads, index_type head_width, index_type rotary_width, const S* table,
                      rows_view<const S> x, rows_view<S> y, const W& workers) {
  rotate<P, S>(rows, heads, head_width, rotary_width, table, x, y, false, workers);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
