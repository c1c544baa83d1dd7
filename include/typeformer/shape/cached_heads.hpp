// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/number_formats.hpp>
#include <typeformer/shape/cache_view.hpp>

namespace typeformer {

/// How a number of a format lies in a cache: its bytes, and whether it is multiplied by a scale of its head and token, or
/// by one of its head and column.
template <class Format> struct cached_number;
template <> struct cached_number<bf16> {
  using bits = std::uint16_t;
  static constexpr bool has_token_scale = false, has_column_scale = false;
  static constexpr float meant(bits of) { return bfloat16::from_bits(of); }
};
template <> struct cached_number<int8<>> {
  using bits = std::int8_t;
  static constexpr bool has_token_scale = true, has_column_scale = false;
  static constexpr float meant(bits of) { return of; }
};
template <const auto& Scales> struct cached_number<int8<fixed_scales<Scales>>> : cached_number<int8<>> {
  static constexpr bool has_token_scale = false, has_column_scale = true;
};

/// Cached keys or values of one sequence in a narrow format: numbers [heads][tokens * head_width], then, if each token has
/// its own, scales [heads][tokens]. Keys lie in panels of `key_block`, values row by row.
template <class Format, class Byte> struct cached_heads {
  using number = cached_number<Format>;
  static constexpr index_type bytes = sizeof(typename number::bits);

  Byte* data = nullptr;
  index_type heads = 0, tokens = 0, head_width = 0;
  const float* fixed_scales = nullptr;  ///< [heads][head_width]

  /// Those of sequence `s` of a state.
  template <class Scalar>
  static cached_heads of_sequence(cache_view<Format, Scalar> state, index_type s, index_type heads, index_type tokens,
                                  index_type head_width) {
    const index_type words = Format::words_of_cache(heads * tokens * head_width, head_width);
    return {reinterpret_cast<Byte*>(state.data + s * words), heads, tokens, head_width, state.fixed_scales};
  }

  /// The numbers of a head from number `index` on.
  Byte* at(index_type head, index_type index) const { return data + (head * tokens * head_width + index) * bytes; }
  /// The scales of a head from that of `token` on.
  Byte* scales(index_type head, index_type token) const {
    const index_type numbers = heads * tokens * head_width;
    return data + 4 * ((numbers * bytes + 3) / 4 + head * tokens + token);
  }
  /// Null if the format has none.
  const float* column_scales(index_type head) const {
    return number::has_column_scale ? fixed_scales + head * head_width : nullptr;
  }
  float scale(index_type head, index_type token, index_type column) const {
    if constexpr (number::has_token_scale) return read<float>(scales(head, token));
    else if constexpr (number::has_column_scale) return column_scales(head)[column];
    else return 1;
  }
  /// The number that is meant: that of `column` of a token, which is number `index` of its head.
  float operator()(index_type head, index_type index, index_type token, index_type column) const {
    return number::meant(read<typename number::bits>(at(head, index))) * scale(head, token, column);
  }

 private:
  template <class T> static T read(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
};

}  // namespace typeformer
