// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <typeformer/kernels/detail/attention_tile.hpp>
#include <typeformer/kernels/detail/narrow_sums.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_grouped.hpp>
#include <typeformer/shape/narrow_view.hpp>
#include <typeformer/simd/narrow_words.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// Outputs of a panel of a matrix in a narrow format on this target: with groups those of one register, so that a product
/// reads the memory in order.
template <class Format>
inline constexpr index_type narrow_panel_width = GroupedFormat<Format> ? simd::pack<float>::lanes : native_panel_width;

namespace detail {

/// Rows of activations as the product reads them, and the scale of each.
template <class Format> struct prepared_rows {
  const typename simd::narrow_words<Format>::multiplicand* data;
  index_type stride;
  const float* scales;
};

/// Scales and sums of the outputs of a panel, null for formats that have none.
struct panel_scales {
  const float *scales, *sums;
};

/// y = x W^T + bias for `Rows` rows and one panel of `(Vectors - 1) * lanes + last` outputs, whose words are
/// [words][w_stride]. Few rows have several sets of sums, so that reading the weights limits the speed and not the
/// latency of an instruction.
template <class Format, int Rows, int Vectors>
TYPEFORMER_NOINLINE void narrow_tile(part_of_inputs part, prepared_rows<Format> x, const float* w, index_type w_stride,
                                     panel_scales scales, const float* bias, rows_view<float> y, index_type last) {
  using pack = simd::pack<float>;
  using product = simd::narrow_words<Format>;
  constexpr int most = TYPEFORMER_VECTOR_REGISTERS >= 16 ? 4 : 1, ways = Rows < most ? (most / Rows) : 1;
  typename product::sum sum[ways][Rows][Vectors];
  TYPEFORMER_UNROLL
  for (int way = 0; way < ways; ++way) TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int v = 0; v < Vectors; ++v)
    sum[way][row][v] =
        way == 0 && part.word > 0 ? product::of_bits(load_row<Vectors>(y[row], v, last)) : product::zero();
  const auto step = [&](int way, index_type word) {
    simd::detail::word_vector weights[Vectors];
    TYPEFORMER_UNROLL
    for (int v = 0; v < Vectors; ++v) weights[v] = simd::detail::load_words(w + word * w_stride + v * pack::lanes);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
    for (int v = 0; v < Vectors; ++v)
      sum[way][row][v] = product::multiply_add(weights[v], x.data[row * x.stride + word], sum[way][row][v]);
  };
  index_type word = 0;
  for (; word + ways <= part.words; word += ways) TYPEFORMER_UNROLL
  for (int way = 0; way < ways; ++way) step(way, word + way);
  for (; word < part.words; ++word) step(0, word);
  TYPEFORMER_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    const index_type n = v + 1 < Vectors ? pack::lanes : last;
    const pack start = bias ? load_row<Vectors>(bias, v, last) : pack(0.0f),
               of_outputs = scales.scales ? pack::load_partial(scales.scales + v * pack::lanes, n) : pack(1.0f);
    const auto sums = scales.sums ? simd::detail::words_of(pack::load_partial(scales.sums + v * pack::lanes, n))
                                  : simd::detail::word_vector{};
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      typename product::sum total = sum[0][row][v];
      TYPEFORMER_UNROLL
      for (int way = 1; way < ways; ++way) total = product::add(total, sum[way][row][v]);
      const pack result = product::result(total, x.scales[row], of_outputs, sums) + start;
      store_row<Vectors>(part.is_last ? result : product::bits(total), y[row], v, last);
    }
  }
}

template <class Format>
using narrow_tile_function = void (*)(part_of_inputs, prepared_rows<Format>, const float*, index_type, panel_scales,
                                      const float*, rows_view<float>, index_type);
template <class Format, int Vectors>
TYPEFORMER_ALWAYS_INLINE narrow_tile_function<Format> narrow_tile_of_vectors(index_type rows) {
  if constexpr (tile_rows > 4) switch (rows) {
      case 5: return narrow_tile<Format, 5, Vectors>;
      case 6: return narrow_tile<Format, 6, Vectors>;
      case 7: return narrow_tile<Format, 7, Vectors>;
      case 8: return narrow_tile<Format, 8, Vectors>;
      default: break;
    }
  if constexpr (tile_rows > 1) switch (rows) {
      case 2: return narrow_tile<Format, 2, Vectors>;
      case 3: return narrow_tile<Format, 3, Vectors>;
      case 4: return narrow_tile<Format, 4, Vectors>;
      default: break;
    }
  return narrow_tile<Format, 1, Vectors>;
}
template <class Format, int Vectors = tile_vectors>
TYPEFORMER_ALWAYS_INLINE narrow_tile_function<Format> narrow_tile_of(index_type rows, index_type vectors) {
  if constexpr (Vectors > 1)
    if (vectors < Vectors) return narrow_tile_of<Format, Vectors - 1>(rows, vectors);
  return narrow_tile_of_vectors<Format, Vectors>(rows);
}

/// Of activations that are prepared at once, for all panels.
inline constexpr index_type prepared_bytes = has_large_stack ? 32768 : has_vectors ? 2048 : 1024;

/// The panels [first, end) of the product for a prepared part of some rows.
template <class Format>
void narrow_panels(index_type rows, prepared_rows<Format> x, narrow_view<Format> w, part_of_inputs part,
                   index_type first_panel, index_type end_panel, const float* bias, rows_view<float> y) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  if constexpr (lanes == 1) {
    for (index_type row = 0; row < rows; ++row) {
      narrow_sums<Format>({first_panel, end_panel}, part, x.data + row * x.stride, w, y[row]);
      if (part.is_last) narrow_results<Format>({first_panel, end_panel}, x.scales[row], w, bias, y[row]);
    }
    return;
  }
  for (index_type panel = first_panel; panel < end_panel; ++panel) {
    const index_type first = panel * w.order.panel_width, width = w.order.width_of_panel(first);
    const index_type vectors = (width + lanes - 1) / lanes, last = width - (vectors - 1) * lanes;
    panel_scales scales{};
    if constexpr (Format::has_scales) scales = {w.data + w.order.scale(first), w.data + w.order.sum(first)};
    const float* const words = w.data + first * w.order.words_of_output() + part.word * width;
    for_each_tile(rows, tile_rows, [&](index_type row, index_type size) {
      const auto tile = narrow_tile_of<Format>(size, vectors);
      tile(part, {x.data + row * x.stride, x.stride, x.scales + row}, words, width, scales,
           bias ? bias + first : nullptr, {y[row] + first, y.stride}, last);
    });
  }
}

/// The panels [first_panel, end_panel) of the product.
template <class Format>
void linear_ungrouped(index_type rows, rows_view<const float> x, narrow_view<Format> w, index_type first_panel,
                      index_type end_panel, const float* bias, rows_view<float> y) {
  using product = simd::narrow_words<Format>;
  constexpr index_type most_words = prepared_bytes / index_type(sizeof(typename product::multiplicand)), most_rows = 32;
  typename product::multiplicand prepared[std::size_t(most_words)];
  float scales[most_rows];
  constexpr index_type rows_of_tile = has_vectors ? tile_rows : 1;
  const index_type words = w.order.words_of_output(),
                   part = (std::min)(words, has_vectors ? most_words / 8 : most_words),
                   at_once = (std::min)(most_rows, most_words / part / rows_of_tile * rows_of_tile);
  for (index_type row = 0; row < rows; row += at_once) {
    const index_type count = (std::min)(at_once, rows - row);
    for (index_type i = 0; i < count; ++i) scales[i] = product::scale_of(x[row + i], w.order.inputs);
    for (index_type word = 0; word < words; word += part) {
      const index_type size = (std::min)(part, words - word), input = word * Format::inputs_in_word,
                       inputs = (std::min)(size * Format::inputs_in_word, w.order.inputs - input);
      for (index_type i = 0; i < count; ++i)
        product::prepare(x[row + i] + input, inputs, scales[i], prepared + i * size);
      narrow_panels<Format>(count, {prepared, size, scales}, w, {word, size, word + size == words}, first_panel,
                            end_panel, bias, {y[row], y.stride});
    }
  }
}

}  // namespace detail

/// Affine map of every row by a matrix in a narrow format: y = x W^T + b.
///
/// x [rows][inputs], w [outputs][inputs], bias [outputs] or null, y [rows][outputs]; y must not overlap x.
/// `panel_overread` floats behind the matrix must be readable. Precondition: the panels are those of this target.
/// Stack: 32 KiB for prepared activations; on targets with small ones 2 KiB, without vectors 1 KiB.
template <class Scalar, class Format, Workers W>
void linear(index_type rows, rows_view<const std::type_identity_t<Scalar>> x, narrow_view<Format> w,
            const std::type_identity_t<Scalar>* bias, rows_view<Scalar> y, const W& workers) {
  static_assert(std::is_same_v<Scalar, float>, "narrow weights are multiplied by float activations");
  if (rows <= 0 || w.order.outputs <= 0) return;
  const index_type panels = (w.order.outputs + w.order.panel_width - 1) / w.order.panel_width;
  detail::deal(panels, detail::units_of_a_part(rows * w.order.panel_width * w.order.inputs), workers,
               [&](index_type first, index_type end) {
                 if constexpr (GroupedFormat<Format>)
                   detail::linear_grouped<Format, detail::prepared_bytes>(rows, x, w, first, end, bias, y);
                 else detail::linear_ungrouped(rows, x, w, first, end, bias, y);
               });
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
