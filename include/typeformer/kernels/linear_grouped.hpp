// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <typeformer/kernels/gemm.hpp>
#include <typeformer/shape/narrow_view.hpp>
#include <typeformer/simd/narrow_words.hpp>

/// Products of weights in groups: y = sum over groups of (scale (q · x) + lowest (sum of x)) times the scale of x.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// The activations of a group of inputs: their words of four bytes, the sum of the bytes, and their scale.
template <class Format> struct prepared_group {
  simd::unsigned_byte_words::multiplicand words[std::size_t(Format::group / 4)];
  float scale;
  std::int32_t sum;
};

/// Quantizes inputs [first, first + group) of a row by a scale of their own; those beyond it are 0.
template <class Format>
void prepare_group(const float* x, index_type first, index_type inputs, prepared_group<Format>& to) {
  std::int8_t q[std::size_t(Format::group)]{};
  const index_type count = (std::min)(Format::group, inputs - first);
  to.scale = count > 0 ? simd::int8_scale_of(x + first, count) : 0.0f;
  to.sum = count > 0 ? static_cast<std::int32_t>(simd::quantize_row(x + first, count, to.scale, q)) : 0;
  for (index_type word = 0; word < Format::group / 4; ++word)
    to.words[word] = simd::unsigned_byte_words::word_of(q + 4 * word);
}

/// Blocks [first, end) of the inputs. The sums of all but the last blocks are kept in y.
struct part_of_blocks {
  index_type first, end;
  bool is_last;
};

/// y = x W^T + bias for `Rows` rows and up to one register of outputs.
///
/// x [Rows][x_stride] groups of the part; w: the words of this register, rows of them `w_stride` apart.
template <class Format, int Rows>
TYPEFORMER_NOINLINE void grouped_tile(part_of_blocks part, const prepared_group<Format>* x, index_type x_stride,
                                      const float* w, index_type w_stride, const float* bias, rows_view<float> y,
                                      index_type last) {
  using pack = simd::pack<float>;
  using product = simd::unsigned_byte_words;
  constexpr index_type groups = Format::block / Format::group, words = Format::group / Format::inputs_in_word;
  pack sum[Rows];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) sum[row] = part.first > 0 ? load_row<1>(y[row], 0, last) : pack(0.0f);
  for (index_type block = part.first; block < part.end; ++block) {
    const auto both = simd::detail::load_words(w + words * groups * w_stride);
    const pack low = simd::detail::floats_of(both << 16), high = simd::detail::floats_of(both & 0xffff0000u);
    for (index_type group = 0; group < groups; ++group) {
      const pack scale = group == 0 ? low : high;
      typename product::sum total[2][Rows];  // two, for an instruction has a latency
      TYPEFORMER_UNROLL
      for (int row = 0; row < Rows; ++row) total[0][row] = total[1][row] = typename product::sum{};
      TYPEFORMER_UNROLL
      for (index_type word = 0; word < words; ++word) {
        const auto weights = simd::detail::load_words(w);
        TYPEFORMER_UNROLL
        for (int row = 0; row < Rows; ++row) {
          const prepared_group<Format>& of = x[row * x_stride];
          if constexpr (Format::inputs_in_word == 4)
            total[word % 2][row] = product::multiply_add(weights, of.words[word], total[word % 2][row]);
          else {
            total[0][row] = product::multiply_add(product::low(weights), of.words[2 * word], total[0][row]);
            total[1][row] = product::multiply_add(product::high(weights), of.words[2 * word + 1], total[1][row]);
          }
        }
        w += w_stride;
      }
      TYPEFORMER_UNROLL
      for (int row = 0; row < Rows; ++row) {
        const prepared_group<Format>& of = x[row * x_stride];
        const auto products = total[0][row] + total[1][row];
        if constexpr (Format::is_symmetric)
          sum[row] = fma(scale * pack(of.scale),
                         simd::detail::to_floats(products - std::uint32_t(Format::zero * of.sum)), sum[row]);
        else
          sum[row] =
              fma(pack(of.scale),
                  fma(scale, simd::detail::to_floats(products), high * pack(static_cast<float>(of.sum))), sum[row]);
      }
      ++x;
    }
    w += w_stride;
  }
  const pack start = bias ? load_row<1>(bias, 0, last) : pack(0.0f);
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) store_row<1>(part.is_last ? sum[row] + start : sum[row], y[row], 0, last);
}

template <class Format>
using grouped_tile_function = void (*)(part_of_blocks, const prepared_group<Format>*, index_type, const float*,
                                       index_type, const float*, rows_view<float>, index_type);
template <class Format> TYPEFORMER_ALWAYS_INLINE grouped_tile_function<Format> grouped_tile_of(index_type rows) {
  switch (rows) {
    case 1: return grouped_tile<Format, 1>;
    case 2: return grouped_tile<Format, 2>;
    case 3: return grouped_tile<Format, 3>;
    default: return grouped_tile<Format, 4>;
  }
}

/// Panels [first_panel, end_panel) for a prepared part of some rows.
template <class Format>
void grouped_panels(index_type rows, const prepared_group<Format>* x, index_type x_stride, narrow_view<Format> w,
                    part_of_blocks part, index_type first_panel, index_type end_panel, const float* bias,
                    rows_view<float> y) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  using order = narrow_order<Format>;
  for (index_type panel = first_panel; panel < end_panel; ++panel) {
    const index_type first = panel * w.order.panel_width, width = w.order.width_of_panel(first);
    const float* const words = w.data + first * w.order.words_of_output() + part.first * order::words_of_block * width;
    for (index_type output = 0; output < width; output += lanes)
      for_each_tile(rows, 4, [&](index_type row, index_type size) {
        grouped_tile_of<Format>(size)(part, x + row * x_stride, x_stride, words + output, width,
                                      bias ? bias + first + output : nullptr, {y[row] + first + output, y.stride},
                                      (std::min)(lanes, width - output));
      });
  }
}

/// The rows [0, rows) and panels [first_panel, end_panel) of the product.
template <class Format, index_type Bytes>
void linear_grouped(index_type rows, rows_view<const float> x, narrow_view<Format> w, index_type first_panel,
                    index_type end_panel, const float* bias, rows_view<float> y) {
  constexpr index_type groups = Format::block / Format::group, most_rows = 8,
                       most_blocks = (std::max)(
                           index_type{1}, Bytes / index_type(sizeof(prepared_group<Format>)) / groups / most_rows);
  prepared_group<Format> prepared[std::size_t(most_rows * most_blocks * groups)];
  const index_type blocks = w.order.blocks();
  for (index_type row = 0; row < rows; row += most_rows) {
    const index_type count = (std::min)(most_rows, rows - row);
    for (index_type block = 0; block < blocks; block += most_blocks) {
      const part_of_blocks part{block, (std::min)(blocks, block + most_blocks), block + most_blocks >= blocks};
      const index_type stride = (part.end - part.first) * groups;
      for (index_type i = 0; i < count; ++i)
        for (index_type g = 0; g < stride; ++g)
          prepare_group<Format>(x[row + i], part.first * Format::block + g * Format::group, w.order.inputs,
                                prepared[i * stride + g]);
      grouped_panels<Format>(count, prepared, stride, w, part, first_panel, end_panel, bias, {y[row], y.stride});
    }
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
