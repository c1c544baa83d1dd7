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

/// The bits of the least bfloat16 that is not below a number that is not negative: what it scales is not cut off.
inline std::uint32_t bfloat16_not_below(float x) {
  const bfloat16 nearest{x};
  return nearest.bits + std::uint32_t{float(nearest) < x};
}

/// The scale and lowest number of a group, as bfloat16 each.
template <GroupedFormat Format> std::uint32_t scale_of_group(const float* x, index_type count) {
  float lowest = x[0], highest = x[0];
  for (index_type i = 1; i < count; ++i) lowest = (std::min)(lowest, x[i]), highest = (std::max)(highest, x[i]);
  if constexpr (Format::is_symmetric && Format::most == 255)
    return bfloat16_not_below(int8_scale((std::max)(-lowest, highest)));
  else if constexpr (Format::is_symmetric) return bfloat16((-lowest > highest ? lowest : highest) / -8).bits;
  else return bfloat16((highest - lowest) / 15).bits | std::uint32_t{bfloat16(lowest).bits} << 16;
}

/// The q of a number in a group.
template <GroupedFormat Format> std::uint32_t nearest_in_group(float x, group_scale of) {
  const float q = of.scale != 0 ? (x - of.lowest) / of.scale + 0.5f : 0;
  return static_cast<std::uint32_t>((std::max)(0.0f, (std::min)(float(Format::most), q)));
}

template <class Format, class Rule>
void narrow_row(const float* row, index_type output, narrow_order<Format> order, float* to, Rule&) {
  float scale = 0;
  if constexpr (Format::has_scales) {
    float largest = 0;
    for (index_type i = 0; i < order.inputs; ++i) largest = (std::max)(largest, row[i] < 0 ? -row[i] : row[i]);
    to[order.scale(output)] = scale = int8_scale(largest);
  }
  std::int32_t sum = 0;
  for (index_type input = 0; input < order.inputs; input += Format::inputs_in_word) {
    const std::uint32_t bits = narrow_word(Format{}, row, input, order.inputs, scale);
    if constexpr (Format::has_scales) sum += sum_of_bytes(bits);
    put_word(bits, to + order.word(output, input));
  }
  if (order.has_sums()) put_word(std::bit_cast<std::uint32_t>(sum), to + order.sum(output));
}
template <GroupedFormat Format, class Rule>
void narrow_row(const float* canonical, index_type output, narrow_order<Format> order, float* to, Rule& rule) {
  const auto row = rule.row(canonical, order.inputs);
  for (index_type first = 0; first < order.inputs; first += Format::block) {
    std::uint32_t scales = 0;
    for (index_type g = 0; g * Format::group < Format::block && first + g * Format::group < order.inputs; ++g) {
      const index_type input = first + g * Format::group, count = (std::min)(Format::group, order.inputs - input);
      scales |= rule.template scale_of_group<Format>(row, input, count) << (16 * static_cast<unsigned>(g));
      const auto of = group_scale::of<Format>(scales, g);
      constexpr index_type in_word = Format::inputs_in_word;
      for (index_type word = 0; word < count; word += in_word) {
        std::uint32_t bits = 0;
        for (index_type i = 0; i < in_word && word + i < count; ++i) {
          const std::uint32_t nearest = nearest_in_group<Format>(row[input + word + i], of);
          rule.rounded(row, input + word + i, of.scale * static_cast<float>(nearest) + of.lowest);
          bits |= nearest << (8 * static_cast<unsigned>(i % 4) + 4 * static_cast<unsigned>(i / 4));
        }
        put_word(bits, to + order.word(output, input + word));
      }
    }
    put_word(scales, to + order.scale_word(output, first));
  }
}

}  // namespace detail

/// Rule: every number becomes the nearest one. The scale of a group of int8 is its largest magnitude / 127, that of a group
/// of int4 its number farthest from zero / -8 (symmetric), or its range / 15.
///
/// Another rule has the same members: `row` gives the numbers of an output, `scale_of_group` the bits of scale and lowest
/// number of a group, and `rounded` receives each number's rounded value, in order, so that it may change those that
/// follow.
struct round_to_nearest {
  const float* row(const float* canonical, index_type) const { return canonical; }
  template <GroupedFormat Format>
  std::uint32_t scale_of_group(const float* row, index_type input, index_type count) const {
    return detail::scale_of_group<Format>(row + input, count);
  }
  void rounded(const float*, index_type, float) const {}
};

/// Rounds a canonical matrix to numbers of a narrow format, groups by a rule. The scale of an output of int8 is its
/// largest magnitude / 127. `to` has `order.size()` floats. Precondition: finite numbers.
template <class Format, class Rule = round_to_nearest>
void narrow_matrix(row_major_view<const float> w, narrow_order<Format> order, float* to, Rule rule = {}) {
  for (index_type output = 0; output < w.outputs; ++output)
    detail::narrow_row(w.data + output * w.inputs, output, order, to, rule);
}

}  // namespace typeformer::kernels
