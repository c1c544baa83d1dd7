// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/gemm.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Extents of the tile of y whose inputs are summed lane by lane: rows x outputs accumulators.
inline constexpr int dot_rows = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 6 : 3;
inline constexpr int dot_outputs = 4;

/// y[row][output] = bias[output] + the dot product of x[row] and w[output], for `Rows` rows and `outputs` <= 4 outputs.
///
/// The weights that a narrower tile lacks are read from its last output's row.
template <int Rows>
TYPEFORMER_NOINLINE void dot_tile(index inputs, const float* x, index x_stride, const float* w, index w_stride,
                                  const float* bias, float* y, index y_stride, index outputs) {
  using pack = simd::pack<float>;
  const float* weights[dot_outputs];
  TYPEFORMER_UNROLL
  for (int output = 0; output < dot_outputs; ++output)
    weights[output] = w + (output < outputs ? output : outputs - 1) * w_stride;
  pack sum[Rows][dot_outputs];
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row)
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output) sum[row][output] = pack(0.0f);
  index input = 0;
  for (; input + pack::lanes <= inputs; input += pack::lanes) {
    pack values[Rows];
    TYPEFORMER_UNROLL
    for (int row = 0; row < Rows; ++row) values[row] = pack::load(x + row * x_stride + input);
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output) {
      const pack weight = pack::load(weights[output] + input);
      TYPEFORMER_UNROLL
      for (int row = 0; row < Rows; ++row) sum[row][output] = fma(values[row], weight, sum[row][output]);
    }
  }
  if (input < inputs) {
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output) {
      const pack weight = pack::load_partial(weights[output] + input, inputs - input);
      TYPEFORMER_UNROLL
      for (int row = 0; row < Rows; ++row)
        sum[row][output] =
            fma(pack::load_partial(x + row * x_stride + input, inputs - input), weight, sum[row][output]);
    }
  }
  TYPEFORMER_UNROLL
  for (int row = 0; row < Rows; ++row) {
    float totals[dot_outputs];
    sums(sum[row], totals);
    for (int output = 0; output < outputs; ++output)
      y[row * y_stride + output] = bias ? totals[output] + bias[output] : totals[output];
  }
}

/// `dot_tile` for one row: the inputs are dealt to two or four sets of accumulators.
TYPEFORMER_NOINLINE inline void dot_row(index inputs, const float* x, const float* w, index w_stride, const float* bias,
                                        float* y, index outputs) {
  using pack = simd::pack<float>;
  constexpr int ways = TYPEFORMER_VECTOR_REGISTERS >= 32 ? 4 : 2;
  const float* weights[dot_outputs];
  TYPEFORMER_UNROLL
  for (int output = 0; output < dot_outputs; ++output)
    weights[output] = w + (output < outputs ? output : outputs - 1) * w_stride;
  pack sum[ways][dot_outputs];
  TYPEFORMER_UNROLL
  for (int way = 0; way < ways; ++way)
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output) sum[way][output] = pack(0.0f);
  index input = 0;
  for (; input + ways * pack::lanes <= inputs; input += ways * pack::lanes)
    TYPEFORMER_UNROLL
    for (int way = 0; way < ways; ++way) {
      const pack value = pack::load(x + input + way * pack::lanes);
      TYPEFORMER_UNROLL
      for (int output = 0; output < dot_outputs; ++output)
        sum[way][output] = fma(value, pack::load(weights[output] + input + way * pack::lanes), sum[way][output]);
    }
  for (; input < inputs; input += pack::lanes) {
    const index n = inputs - input < pack::lanes ? inputs - input : pack::lanes;
    const pack value = pack::load_partial(x + input, n);
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output)
      sum[0][output] = fma(value, pack::load_partial(weights[output] + input, n), sum[0][output]);
  }
  TYPEFORMER_UNROLL
  for (int way = 1; way < ways; ++way)
    TYPEFORMER_UNROLL
    for (int output = 0; output < dot_outputs; ++output) sum[0][output] = sum[0][output] + sum[way][output];
  float totals[dot_outputs];
  sums(sum[0], totals);
  for (int output = 0; output < outputs; ++output) y[output] = bias ? totals[output] + bias[output] : totals[output];
}

/// Brings the `part`-th of `parts` of `floats` floats closer; the addresses need not be readable.
TYPEFORMER_ALWAYS_INLINE void prefetch_part(const float* from, index floats, index part, index parts) {
  constexpr index line = 16;
  for (index at = floats * part / parts / line * line; at < floats * (part + 1) / parts; at += line)
    __builtin_prefetch(from + at, 0, 2);
}

}  // namespace detail

/// Product with a table in canonical order: y[row][output] = bias[output] + the dot product of x[row] and w[output].
///
/// x [rows][inputs], w [outputs][inputs], bias [outputs] or null, y [rows][outputs]. The table is read once for up to
/// 128 rows.
inline void gemm_row_major(index rows, rows_view<const float> x, row_major_view<const float> w, const float* bias,
                           rows_view<float> y) {
  constexpr index row_block = 128;
  for (index block = 0; block < rows; block += row_block) {
    const index block_rows = rows - block < row_block ? rows - block : row_block;
    for (index output = 0; output < w.outputs; output += detail::dot_outputs) {
      const index outputs = w.outputs - output < detail::dot_outputs ? w.outputs - output : detail::dot_outputs;
      const float* const weights = w.data + output * w.inputs;
      const float* const next = weights + outputs * w.inputs;
      const float* const start = bias ? bias + output : nullptr;
      detail::for_each_tile(block_rows, detail::dot_rows, [&](index tile_row, index size) {
        const index row = block + tile_row;
        if (size == 1) return detail::dot_row(w.inputs, x[row], weights, w.inputs, start, y[row] + output, outputs);
        detail::prefetch_part(next, detail::dot_outputs * w.inputs, tile_row, block_rows);
        const auto tile = [&](auto function) {
          function(w.inputs, x[row], x.stride, weights, w.inputs, start, y[row] + output, y.stride, outputs);
        };
        switch (size) {
          case 2: return tile(detail::dot_tile<2>);
          case 3: return tile(detail::dot_tile<3>);
          default: break;
        }
        if constexpr (detail::dot_rows > 3) switch (size) {
            case 4: return tile(detail::dot_tile<4>);
            case 5: return tile(detail::dot_tile<5>);
            default: return tile(detail::dot_tile<6>);
          }
      });
    }
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
