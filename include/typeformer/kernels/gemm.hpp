// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/gemm_tile.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Splits `rows` into the least number of tiles, whose sizes differ by at most one.
template <class F> TYPEFORMER_ALWAYS_INLINE void for_each_tile(index_type rows, index_type most, F&& f) {
  if (most == 1) {
    for (index_type row = 0; row < rows; ++row) f(row, index_type{1});
    return;
  }
  for (index_type tiles = (rows + most - 1) / most, row = 0; tiles > 0; --tiles) {
    const index_type size = (rows - row) / tiles;
    f(row, size);
    row += size;
  }
}

using tile_function = void (*)(index_type, left_operand, const float*, index_type, tile_start, float*, index_type,
                               index_type, lines_ahead);

template <int Vectors> TYPEFORMER_ALWAYS_INLINE tile_function tile_of_vectors(index_type rows) {
  if constexpr (tile_rows > 4) switch (rows) {
      case 5: return gemm_tile<5, Vectors>;
      case 6: return gemm_tile<6, Vectors>;
      case 7: return gemm_tile<7, Vectors>;
      case 8: return gemm_tile<8, Vectors>;
      default: break;
    }
  if constexpr (tile_rows > 1) switch (rows) {
      case 2: return gemm_tile<2, Vectors>;
      case 3: return gemm_tile<3, Vectors>;
      case 4: return gemm_tile<4, Vectors>;
      default: break;
    }
  return gemv_tile<Vectors>;
}

template <int Vectors = tile_vectors>
TYPEFORMER_ALWAYS_INLINE tile_function tile_of(index_type rows, index_type vectors) {
  if constexpr (Vectors > 1)
    if (vectors < Vectors) return tile_of<Vectors - 1>(rows, vectors);
  return tile_of_vectors<Vectors>(rows);
}

/// The tile of y at `row`: as `gemm_panel`, for the rows [row, row + size).
TYPEFORMER_ALWAYS_INLINE void gemm_tile_at(index_type row, index_type size, index_type inputs, left_operand x,
                                           const float* w, index_type w_stride, index_type width, tile_start start,
                                           rows_view<float> y, lines_ahead ahead) {
  constexpr index_type lanes = simd::pack<float>::lanes;
  const index_type vectors = (width + lanes - 1) / lanes;
  tile_of(size, vectors)(inputs, x.at(row, 0), w, w_stride,
                         {start.data ? start.data + row * start.stride : nullptr, start.stride}, y[row], y.stride,
                         width - (vectors - 1) * lanes, ahead);
}

}  // namespace detail

/// The part of a matrix that is read after a panel: `size` floats from `offset` on.
struct read_next {
  const float* matrix = nullptr;
  index_type offset = 0, size = 0;
};

/// One panel of a product: y[row][output] = start + sum over inputs of x[row][input] * w[input][output].
///
/// x [rows][inputs]; w [inputs][width] with width <= native_panel_width and `panel_overread` readable floats behind it;
/// y [rows][width]. y may be the start, but not x. Meanwhile what is read next comes nearer, for hardware follows a panel
/// only once its first tile reads it.
inline void gemm_panel(index_type rows, index_type inputs, rows_view<const float> x, const float* w, index_type width,
                       tile_start start, rows_view<float> y, read_next next = {}) {
  index_type asked = 0;
  detail::for_each_tile(rows, tile_rows, [&](index_type row, index_type size) {
    const detail::lines_ahead ahead =
        asked < next.size ? detail::lines_ahead{next.matrix + next.offset + asked, detail::lines_ahead::line}
                          : detail::lines_ahead{w, 0};
    asked += inputs * detail::lines_ahead::line;
    detail::gemm_tile_at(row, size, inputs, x, w, width, width, start, y, ahead);
  });
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
