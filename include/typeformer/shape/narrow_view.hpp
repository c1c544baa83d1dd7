// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>
#include <cstring>

#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/number_formats.hpp>

namespace typeformer {

/// Where the inputs of a matrix [outputs][inputs] in a narrow format lie: 32-bit words of `Format::inputs_in_word` inputs
/// of one output, in panels [words][panel_width] of `panel_width` outputs. The last panel is narrower, and the inputs are
/// filled up with zeros. Behind them lie the scales [outputs] of formats that have them, and then the sums [outputs] of the
/// inputs, which only vectors need: some multiply unsigned by signed bytes.
template <class Format> struct narrow_order {
  index_type outputs = 0, inputs = 0, panel_width = 1;

  constexpr index_type words_of_output() const {
    return (inputs + Format::inputs_in_word - 1) / Format::inputs_in_word;
  }
  constexpr index_type width_of_panel(index_type first) const {
    return outputs - first < panel_width ? outputs - first : panel_width;
  }
  /// The word of an output that holds `input`.
  constexpr index_type word(index_type output, index_type input) const {
    const index_type first = output / panel_width * panel_width;
    return first * words_of_output() + input / Format::inputs_in_word * width_of_panel(first) + (output - first);
  }
  constexpr index_type scale(index_type output) const { return outputs * words_of_output() + output; }
  constexpr index_type sum(index_type output) const { return outputs * (words_of_output() + 1) + output; }
  constexpr bool has_sums() const { return Format::has_scales && panel_width > 1; }
  /// Words in all.
  constexpr index_type size() const {
    return outputs * (words_of_output() + index_type{Format::has_scales} + index_type{has_sums()});
  }
};

/// As above, but a word of scales [panel_width] follows the words of each block of inputs.
template <GroupedFormat Format> struct narrow_order<Format> {
  static constexpr index_type words_of_block = Format::block / Format::inputs_in_word + 1;

  index_type outputs = 0, inputs = 0, panel_width = 1;

  constexpr index_type blocks() const { return (inputs + Format::block - 1) / Format::block; }
  constexpr index_type words_of_output() const { return blocks() * words_of_block; }
  constexpr index_type width_of_panel(index_type first) const {
    return outputs - first < panel_width ? outputs - first : panel_width;
  }
  constexpr index_type word(index_type output, index_type input) const {
    return row_of_words(output,
                        input / Format::block * words_of_block + input % Format::block / Format::inputs_in_word);
  }
  /// The word of the scales of the block that holds `input`.
  constexpr index_type scale_word(index_type output, index_type input) const {
    return row_of_words(output, (input / Format::block + 1) * words_of_block - 1);
  }
  constexpr index_type size() const { return outputs * words_of_output(); }

 private:
  constexpr index_type row_of_words(index_type output, index_type number) const {
    const index_type first = output / panel_width * panel_width;
    return first * words_of_output() + number * width_of_panel(first) + (output - first);
  }
};

/// The scale and the number that q = 0 means, of a group in a block.
struct group_scale {
  float scale, lowest;

  /// From the word of a block's scales.
  template <GroupedFormat Format> static constexpr group_scale of(std::uint32_t word, index_type group) {
    const float low = std::bit_cast<float>(word << 16), high = std::bit_cast<float>(word & 0xffff0000u);
    if constexpr (Format::is_symmetric) return {group == 0 ? low : high, -Format::zero * (group == 0 ? low : high)};
    else return {low, high};
  }
};

/// A weight matrix or table in a narrow format, which lies in memory of floats: 32-bit words.
template <class Format> struct narrow_view {
  const float* data = nullptr;
  narrow_order<Format> order;

  std::uint32_t word(index_type index) const {
    std::uint32_t bits;
    std::memcpy(&bits, __builtin_assume_aligned(data + index, alignof(float)), sizeof bits);
    return bits;
  }
  /// The number that is meant.
  float operator()(index_type output, index_type input) const {
    const std::uint32_t bits = word(order.word(output, input));
    const auto place = static_cast<unsigned>(input % Format::inputs_in_word);
    if constexpr (GroupedFormat<Format>) {
      const auto of =
          group_scale::of<Format>(word(order.scale_word(output, input)), input % Format::block / Format::group);
      const unsigned q = bits >> (8 * (place % 4) + 4 * (place / 4)) & unsigned(Format::most);
      return of.scale * static_cast<float>(q) + of.lowest;
    } else if constexpr (Format::inputs_in_word == 2) return std::bit_cast<float>((bits >> (16 * place)) << 16);
    else return data[order.scale(output)] * static_cast<float>(static_cast<std::int8_t>(bits >> (8 * place) & 0xff));
  }
};

}  // namespace typeformer
