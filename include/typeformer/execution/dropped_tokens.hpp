// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/rotary_positions.hpp>
#include <typeformer/execution/self_attention.hpp>
#include <typeformer/layers/dropped_tokens.hpp>
#include <typeformer/reference/rotary.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

namespace detail {

/// Undoes the rotation of one head's key by `angles` [cosines, sines].
template <axis RowsAre, index_type RotaryWidth, class Pairs, class S>
constexpr void rotate_key_back(rotary_angles<RowsAre, RotaryWidth, Pairs>, index_type width, const S* angles, S* key) {
  reference::rotate<pairing_of<Pairs>, S>(1, 1, width, RotaryWidth, angles, rows_view<const S>{key, width},
                                          rows_view<S>{key, width}, true);
}
template <class S> constexpr void rotate_key_back(nothing, index_type, const S*, S*) {}

template <class S> constexpr const S* angles_of(block_view<const S> shift, index_type sequence) {
  return shift[sequence];
}
template <class S> constexpr const S* angles_of(const S* nothing, index_type) { return nothing; }

}  // namespace detail

template <class Table, class W, class S>
constexpr void execute(rotary_shift_operation<Table>, const call<W>& c, block_view<S> shift) {
  for (index_type s = 0; s < c.batch.sequences; ++s)
    if (const auto dropped = std::int32_t(c.batch.kept_from_of(s)); dropped > 0)
      reference::rotary_table<S>(1, &dropped, Table::width, Table::frequency, 1.0, shift[s]);
}

/// `shift` is the table of angles, or a null pointer.
template <class N, class Rotary, class W, class S, class Shift>
constexpr void execute(drop_oldest_operation<N, Rotary>, const call<W>& c, Shift shift, S* keys, S* values) {
  const index_type context = c.reserved.context, stride = detail::panel_stride<N>(context);
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const index_type dropped = c.batch.kept_from_of(s), first = c.reserved.sinks, end = c.batch.past_of(s);
    if (dropped == 0) continue;
    S* const of_tokens = values + s * context * N::key_width;
    std::copy(of_tokens + (first + dropped) * N::key_width, of_tokens + (end + dropped) * N::key_width,
              of_tokens + first * N::key_width);
    for (index_type head = 0; head < N::key_value_heads; ++head) {
      S* const panels = keys + (s * N::key_value_heads + head) * stride;
      for (index_type token = first; token < end; ++token) {
        const S* const from = panels + key_offset(token + dropped, N::head_width);
        std::array<S, std::size_t(N::head_width)> key{};
        for (index_type k = 0; k < N::head_width; ++k) key[std::size_t(k)] = from[k * key_block];
        detail::rotate_key_back(Rotary{}, N::head_width, detail::angles_of<S>(shift, s), key.data());
        S* const to = panels + key_offset(token, N::head_width);
        for (index_type k = 0; k < N::head_width; ++k) to[k * key_block] = key[std::size_t(k)];
      }
    }
  }
}

}  // namespace typeformer
