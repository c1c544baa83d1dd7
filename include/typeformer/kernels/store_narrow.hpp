// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <typeformer/foundation/int8.hpp>
#include <typeformer/kernels/detail/for_each_head.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/shape/cached_heads.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Stores numbers that lie `stride` numbers apart from `index` on.
template <class S>
void store_numbers(const S* x, index_type stride, cached_heads<bf16, std::byte> to, index_type head, index_type index,
                   index_type) {
  for (index_type i = 0; i < to.head_width; ++i) {
    const std::uint16_t bits = bfloat16(static_cast<float>(x[i])).bits;
    std::memcpy(to.at(head, index + i * stride), &bits, sizeof bits);
  }
}
/// The scale is no number if one of them is not finite, so that neither is what is computed with it.
template <class S>
void store_numbers(const S* x, index_type stride, cached_heads<int8<>, std::byte> to, index_type head, index_type index,
                   index_type token) {
  float largest = 0, not_finite = 0;
  for (index_type i = 0; i < to.head_width; ++i) {
    const auto one = static_cast<float>(x[i]);
    largest = (std::max)(largest, one < 0 ? -one : one);
    not_finite += one * 0.0f;
  }
  const float scale = int8_scale(largest) + not_finite;
  std::memcpy(to.scales(head, token), &scale, sizeof scale);
  for (index_type i = 0; i < to.head_width; ++i) {
    const std::int8_t q = quantize_int8(static_cast<float>(x[i]), scale);
    std::memcpy(to.at(head, index + i * stride), &q, sizeof q);
  }
}

template <const auto& Scales, class S>
void store_numbers(const S* x, index_type stride, cached_heads<int8<fixed_scales<Scales>>, std::byte> to,
                   index_type head, index_type index, index_type) {
  for (index_type i = 0; i < to.head_width; ++i) {
    const std::int8_t q = quantize_int8(static_cast<float>(x[i]), to.column_scales(head)[i]);
    std::memcpy(to.at(head, index + i * stride), &q, sizeof q);
  }
}

}  // namespace detail

/// Rounds k and v [rows][heads * head_width] to the nearest numbers of a format and writes them to a cache as keys and
/// values first_key, first_key + 1, ... In int8 the keys of a token and head share a scale, max |k| / 127, unless
/// scales are fixed, and so do its values. Heads are shared among the workers.
template <class Format, class S, class W>
void store_narrow(index_type rows, rows_view<const S> k, rows_view<const S> v, index_type first_key,
                  cached_heads<Format, std::byte> keys, cached_heads<Format, std::byte> values, const W& workers) {
  const index_type width = keys.head_width;
  detail::for_each_head(keys.heads, 16 * rows * keys.heads * width, workers, [&](index_type head) {
    for (index_type row = 0; row < rows; ++row) {
      const index_type key = first_key + row;
      detail::store_numbers(k[row] + head * width, key_block, keys, head, key_offset(key, width), key);
      detail::store_numbers(v[row] + head * width, 1, values, head, key * width, key);
    }
  });
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
