// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <typeformer/kernels/linear.hpp>
#include <typeformer/shape/stored_view.hpp>
#include <typeformer/simd/narrow_numbers.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// `pack<float>::lanes` numbers that are stored one by one.
template <stored_format Format> TYPEFORMER_ALWAYS_INLINE simd::pack<float> load_stored(const std::byte* from) {
  using pack = simd::pack<float>;
  if constexpr (Format == stored_format::bf16) return simd::load_numbers<bf16>(from);
  else if constexpr (Format == stored_format::f16) {
    // The bits of the magnitude, moved to those of a float32, are the number times 2^-112.
    const auto bits = simd::detail::widened<std::uint16_t>(from);
    const pack magnitude = simd::detail::floats_of((bits & 0x7fffu) << 13) * pack(0x1p112f),
               finite = select(magnitude < pack(65536.0f), magnitude, magnitude * pack(__builtin_inff()));
    return simd::detail::floats_of(simd::detail::words_of(finite) | (bits & 0x8000u) << 16);
  } else {
    float copy[pack::lanes];
    __builtin_memcpy(copy, from, sizeof copy);
    return pack::load(copy);
  }
}

/// The integers that a block of 32 has from number `first` on, as many as there are lanes.
template <stored_format Format>
TYPEFORMER_ALWAYS_INLINE simd::pack<float> load_of_block(const std::byte* block, index_type first) {
  if constexpr (Format == stored_format::q8_0) return simd::load_numbers<int8<>>(block + 2 + first);
  else {
    const auto bytes = simd::detail::widened<std::int8_t>(block + 2 + first % 16);
    return simd::detail::to_floats(first < 16 ? bytes & 15u : bytes >> 4 & 15u) - simd::pack<float>(8.0f);
  }
}

/// y[i][0] = x[i] . row + bias for `Rows` rows of x.
template <stored_format Format, int Rows>
TYPEFORMER_NOINLINE void multiply_stored(const std::byte* row, index_type inputs, rows_view<const float> x, float bias,
                                         rows_view<float> y) {
  using pack = simd::pack<float>;
  pack sums[Rows];
  for (int i = 0; i < Rows; ++i) sums[i] = pack(0.0f);
  index_type column = 0;
  if constexpr (elements_of(Format) == 32) {
    for (; column < inputs; column += 32, row += bytes_of(Format)) {
      pack of_block[Rows];
      for (int i = 0; i < Rows; ++i) of_block[i] = pack(0.0f);
      TYPEFORMER_UNROLL
      for (index_type k = 0; k < 32; k += pack::lanes) {
        const pack w = load_of_block<Format>(row, k);
        for (int i = 0; i < Rows; ++i) of_block[i] = fma(pack::load(x[i] + column + k), w, of_block[i]);
      }
      const pack step(typeformer::detail::stored_half(row));
      for (int i = 0; i < Rows; ++i) sums[i] = fma(of_block[i], step, sums[i]);
    }
    for (int i = 0; i < Rows; ++i) y[i][0] = sum(sums[i]) + bias;
  } else {
    for (; column + pack::lanes <= inputs; column += pack::lanes) {
      const pack w = load_stored<Format>(row + column * bytes_of(Format));
      for (int i = 0; i < Rows; ++i) sums[i] = fma(pack::load(x[i] + column), w, sums[i]);
    }
    for (int i = 0; i < Rows; ++i) {
      float total = sum(sums[i]) + bias;
      for (index_type k = column; k < inputs; ++k) total += x[i][k] * typeformer::detail::stored_number(row, Format, k);
      y[i][0] = total;
    }
  }
}

template <stored_format Format>
void multiply_stored_rows(const stored_rows& w, index_type first, index_type end, index_type inputs, index_type rows,
                          rows_view<const float> x, const float* bias, rows_view<float> y) {
  for (index_type output = first; output < end; ++output) {
    const float start = bias ? bias[output] : 0.0f;
    index_type row = 0;
    for (; row + 4 <= rows; row += 4)
      multiply_stored<Format, 4>(w[output], inputs, x.from(row), start, {y[row] + output, y.stride});
    for (; row < rows; ++row)
      multiply_stored<Format, 1>(w[output], inputs, x.from(row), start, {y[row] + output, y.stride});
  }
}

}  // namespace detail

/// Affine map of every row by a matrix of rows in files: y = x W^T + b. Numbers are widened in registers, once for four
/// rows of x, and nothing is rounded.
///
/// x [rows][inputs], bias [outputs] or null, y [rows][outputs]; y must not overlap x. Precondition: blocks fill the rows.
template <Workers W>
void linear_stored(index_type rows, rows_view<const float> x, stored_view w, const float* bias, rows_view<float> y,
                   const W& workers) {
  index_type before = 0;
  for (const stored_rows* part = w.parts; part != w.parts + w.part_count; before += part->rows, ++part) {
    const auto multiply = [&]<stored_format Format>() {
      detail::deal(part->rows, detail::units_of_a_part(rows * w.inputs), workers,
                   [&](index_type first, index_type end) {
                     detail::multiply_stored_rows<Format>(*part, first, end, w.inputs, rows, x,
                                                          bias ? bias + before : nullptr, {y.data + before, y.stride});
                   });
    };
    switch (part->format) {
      case stored_format::f32: multiply.template operator()<stored_format::f32>(); break;
      case stored_format::f16: multiply.template operator()<stored_format::f16>(); break;
      case stored_format::bf16: multiply.template operator()<stored_format::bf16>(); break;
      case stored_format::q8_0: multiply.template operator()<stored_format::q8_0>(); break;
      case stored_format::q4_0: multiply.template operator()<stored_format::q4_0>(); break;
    }
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
