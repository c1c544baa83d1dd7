// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include <typeformer/foundation/int8.hpp>
#include <typeformer/shape/narrow_view.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::kernels {

namespace detail {

inline void put_word(std::uint32_t bits, float* to) { std::memcpy(to, &bits, sizeof bits); }

/// The inputs [input, input + 2) of one output; those beyond the row are 0.
inline std::uint32_t narrow_word(bf16, const float* row, index_type input, index_type inputs, float) {
  const std::uint32_t low = bfloat16(row[input]).bits,
                      high = input + 1 < inputs ? bfloat16(row[input + 1]).bits : std::uint16_t{0};
  return low | high << 16;
}
template <class Scale>
std::uint32_t narrow_word(int8<Scale>, const float* row, index_type input, index_type inputs, float scale) {
  std::uint32_t bits = 0;
  for (index_type i = 0; i < 4 && input + i < inputs; ++i)
    bits |= std::uint32_t{static_cast<std::uint8_t>(quantize_int8(row[input + i], scale))} << (8 * i);
  return bits;
}

inline std::int32_t sum_of_bytes(std::uint32_t bits) {
  std::int32_t sum = 0;
  for (int i = 0; i < 4; ++i) sum += static_cast<std::int8_t>(bits >> (8 * i) & 0xff);
  return sum;
}

}  // namespace detail

/// Rounds a canonical matrix to a narrow format: to the nearest number, ties to even; int8 with the scale
/// largest magnitude / 127 of each output. `to` has `order.size()` floats. Precondition: finite numbers.
template <class Format> void narrow_matrix(row_major_view<const float> w, narrow_order<Format> order, float* to) {
  for (index_type output = 0; output < w.outputs; ++output) {
    const float* const row = w.data + output * w.inputs;
    float scale = 0;
    if constexpr (Format::words_of_scales > 0) {
      float largest = 0;
      for (index_type i = 0; i < w.inputs; ++i) largest = (std::max)(largest, row[i] < 0 ? -row[i] : row[i]);
      to[order.scale(output)] = scale = int8_scale(largest);
    }
    std::int32_t sum = 0;
    for (index_type input = 0; input < w.inputs; input += Format::inputs_in_word) {
      const std::uint32_t bits = detail::narrow_word(Format{}, row, input, w.inputs, scale);
      if constexpr (Format::words_of_scales > 0) sum += detail::sum_of_bytes(bits);
      detail::put_word(bits, to + order.word(output, input));
    }
    if constexpr (Format::words_of_scales > 0)
      detail::put_word(std::bit_cast<std::uint32_t>(sum), to + order.sum(output));
  }
}

}  // namespace typeformer::kernels
