// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/float16.hpp>

namespace typeformer {

/// How the numbers of a row lie in a file: one by one, or ggml's blocks of 32, which begin with a binary16 step.
enum class stored_format : std::uint8_t { f32, f16, bf16, q8_0, q4_0 };

/// Numbers and bytes of a block.
constexpr index_type elements_of(stored_format format) { return format < stored_format::q8_0 ? 1 : 32; }
constexpr index_type bytes_of(stored_format format) {
  switch (format) {
    case stored_format::f32: return 4;
    case stored_format::q8_0: return 34;
    case stored_format::q4_0: return 18;
    default: return 2;
  }
}

namespace detail {
template <class T> T stored_bits(const std::byte* from) {
  T bits;
  std::memcpy(&bits, from, sizeof bits);
  return bits;
}
inline float stored_half(const std::byte* from) { return float16::from_bits(stored_bits<std::uint16_t>(from)); }

/// The number at a column of a row.
inline float stored_number(const std::byte* row, stored_format format, index_type column) {
  const std::byte* const at = row + column / elements_of(format) * bytes_of(format);
  switch (format) {
    case stored_format::f32: return stored_bits<float>(at);
    case stored_format::f16: return stored_half(at);
    case stored_format::bf16: return bfloat16::from_bits(stored_bits<std::uint16_t>(at));
    case stored_format::q8_0: return stored_half(at) * stored_bits<std::int8_t>(at + 2 + column % 32);
    case stored_format::q4_0: break;
  }
  const int both = std::to_integer<int>(at[2 + column % 16]);
  return stored_half(at) * static_cast<float>((column % 32 < 16 ? both & 15 : both >> 4) - 8);
}
}  // namespace detail

/// Some rows of a matrix, as a file has them.
struct stored_rows {
  const std::byte* data = nullptr;
  stored_format format = stored_format::f32;
  index_type rows = 0, row_bytes = 0;
  const std::int32_t* order = nullptr;  ///< the number of each row in the file, from `data` on; null: 0, 1, ...

  const std::byte* operator[](index_type row) const { return data + (order ? order[row] : row) * row_bytes; }
};

/// A matrix or table [outputs][inputs] of rows in files, part by part.
struct stored_view {
  const stored_rows* parts = nullptr;
  index_type part_count = 0, outputs = 0, inputs = 0;

  float operator()(index_type output, index_type input) const {
    const stored_rows* part = parts;
    for (; output >= part->rows; ++part) output -= part->rows;
    return detail::stored_number((*part)[output], part->format, input);
  }
};

}  // namespace typeformer
