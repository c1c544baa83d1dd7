// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/kernels/detail/helium_rows.hpp>
#include <typeformer/shape/views.hpp>
#include <typeformer/simd/pack.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// Extents of the tile of y that stays in registers: rows x vectors accumulators, one vector of each panel row and one
/// broadcast fill the register file without spilling.
inline constexpr int tile_rows = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 8 : TYPEFORMER_VECTOR_REGISTERS >= 16 ? 4 : 1;
inline constexpr int tile_vectors = 3;  // the order of packed weights depends on it

/// Outputs per packed panel on a target with vectors of `lanes` floats. It is 1 (canonical order) without vectors.
constexpr index_type panel_width_of(index_type lanes) { return lanes > 1 ? tile_vectors * lanes : 1; }
inline constexpr index_type native_panel_width = panel_width_of(simd::pack<float>::lanes);

/// Scalars behind a packed matrix that must be readable. The last vector of a narrow panel is loaded whole, and its
/// extra lanes are ignored.
inline constexpr index_type panel_overread = simd::pack<float>::lanes;

/// The initial values of a tile's accumulators: `data[row * stride + output]`, or 0 if `data` is null. A bias has
/// stride 0; y itself is the start of an accumulation.
struct tile_start {
  const float* data = nullptr;
  index_type stride = 0;
};

/// The element of a row and an input is `data[row * row_step + input * input_step]`: of a matrix or its transpose.
struct left_operand {
  const float* data = nullptr;
  index_type row_step = 0, input_step = 1;

  constexpr left_operand(const float* first, index_type rows_lie_apart, index_type inputs_lie_apart)
      : data{first}, row_step{rows_lie_apart}, input_step{inputs_lie_apart} {}
  constexpr left_operand(rows_view<const float> rows) : data{rows.data}, row_step{rows.stride} {}

  constexpr left_operand at(index_type row, index_type input) const {
    return {data + row * row_step + input * input_step, row_step, input_step};
  }
};

namespace detail {

/// Processors of microcontrollers have weights near, or nothing to prefetch them to.
inline constexpr bool prefetches = sizeof(void*) >= 8;

/// What a tile prefetches while it computes: one line an input, the first of which is at `data`.
struct lines_ahead {
  static constexpr index_type line = 16;  // floats

  const float* data = nullptr;
  index_type step = 0;  // `line`, or 0 if there is nothing to prefetch
};

/// All vectors of a tile row are whole except the last one, which holds `last` outputs.
template <int Vectors>
TYPEFORMER_ALWAYS_INLINE simd::pack<float> load_row(const float* from, int vector, index_type last) {
  using pack = simd::pack<float>;
  return vector + 1 < Vectors || last == pack::lanes ? pack::load(from + vector * pack::lanes)
                                                     : pack::load_partial(from + vector * pack::lanes, last);
}
template <int Vectors>
TYPEFORMER_ALWAYS_INLINE void store_row(simd::pack<float> v, float* to, int vector, index_type last) {
  using pack = simd::pack<float>;
  if (vector + 1 < Vectors || last == pack::lanes) v.store(to + vector * pack::lanes);
  else v.store_partial(to + vector * pack::lanes, last);
}

/// y[row][output] = start + sum over inputs of x[row][input] * w[input][output], for `Rows` rows and one panel.
///
/// w [inputs][w_stride]; the panel is `(Vectors - 1) * lanes + last` outputs wide. Cost: Rows * Vectors fused
/// multiply-adds per input.
template <int Rows, int Vectors>
TYPEFORMER_NOINLINE void gemm_tile(index_type inputs, left_operand x, const float* w, index_type w_stride,
                                   tile_start start, float* y, index_type y_stride, index_type last,
                                   lines_ahead ahead) {
  using pack = simd::pack<float>;
  pack sum[Rows][Vectors];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int v = 0; v < Vectors; ++v)
    sum[row][v] = start.data ? load_row<Vectors>(start.data + row * start.stride, v, last) : pack(0.0f);
  for (index_type input = 0; input < inputs; ++input) {
    if constexpr (2 * Rows > tile_rows && prefetches) {
      __builtin_prefetch(ahead.data, 0, 2);
      ahead.data += ahead.step;
    }
    pack weights[Vectors];
    TYPEFORMER_UNROLL
    for (int v = 0; v < Vectors; ++v) weights[v] = pack::load(w + v * pack::lanes);
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) {
      const pack value(x.data[row * x.row_step]);
      TYPEFORMER_UNROLL
      for (int v = 0; v < Vectors; ++v) sum[row][v] = fma(value, weights[v], sum[row][v]);
    }
    w += w_stride;
    x.data += x.input_step;
  }
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) TYPEFORMER_UNROLL
  for (int v = 0; v < Vectors; ++v) store_row<Vectors>(sum[row][v], y + row * y_stride, v, last);
}

/// `gemm_tile` for one row. The inputs are split among sets of accumulators, so that the speed is limited by
/// reading the weights and not by the latency of a multiply-add.
template <int Vectors>
TYPEFORMER_NOINLINE void gemv_tile(index_type inputs, left_operand x, const float* w, index_type w_stride,
                                   tile_start start, float* y, index_type, index_type last, lines_ahead) {
  using pack = simd::pack<float>;
  constexpr int ways = has_helium_rows ? 1 : 4;
  pack sum[ways][Vectors];
  TYPEFORMER_UNROLL
  for (int way = 0; way < ways; ++way) TYPEFORMER_UNROLL
  for (int v = 0; v < Vectors; ++v)
    sum[way][v] = way == 0 && start.data ? load_row<Vectors>(start.data, v, last) : pack(0.0f);
  index_type input = 0;
  if constexpr (has_helium_rows) {
    if (inputs > 0 && x.input_step == 1) {
      add_row(inputs, x.data, w, w_stride, sum[0]);
      input = inputs;
    }
  }
  for (; input + ways <= inputs; input += ways) {
    TYPEFORMER_UNROLL
    for (int way = 0; way < ways; ++way) {
      const pack value(x.data[(input + way) * x.input_step]);
      TYPEFORMER_UNROLL
      for (int v = 0; v < Vectors; ++v) sum[way][v] = fma(value, pack::load(w + v * pack::lanes), sum[way][v]);
      w += w_stride;
    }
  }
  for (; input < inputs; ++input) {
    const pack value(x.data[input * x.input_step]);
    TYPEFORMER_UNROLL
    for (int v = 0; v < Vectors; ++v) sum[0][v] = fma(value, pack::load(w + v * pack::lanes), sum[0][v]);
    w += w_stride;
  }
  TYPEFORMER_UNROLL
  for (int v = 0; v < Vectors; ++v) {
    pack total = sum[0][v];
    if constexpr (ways == 4) total = (total + sum[1][v]) + (sum[2][v] + sum[3][v]);
    store_row<Vectors>(total, y, v, last);
  }
}

}  // namespace detail
}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
