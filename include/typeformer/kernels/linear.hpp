// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/gemm.hpp>
#include <typeformer/kernels/gemm_row_major.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/linear.hpp>
#include <typeformer/shape/narrow_view.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Splits [0, units) into contiguous ranges f(first, end): one range for one worker, at most four per worker, and none
/// with fewer than `least` units.
template <Workers W, class F>
TYPEFORMER_ALWAYS_INLINE void deal(index_type units, index_type least, const W& workers, F&& f) {
  const index_type count = workers.count();
  if (count <= 1 || units <= least) return f(index_type{0}, units);
  const index_type most = units / least;
  const index_type parts = most < 4 * count ? most : 4 * count;
  workers.for_each(parts, [&](index_type part) { f(units * part / parts, units * (part + 1) / parts); });
}

/// The least multiply-adds for which waking a worker pays.
inline constexpr index_type work_of_a_part = 65536;

constexpr index_type units_of_a_part(index_type work_of_a_unit) { return work_of_a_part / (work_of_a_unit + 1) + 1; }

/// The most rows and inputs of the block of x that stays in the second-level cache while all panels pass by: half a MiB.
inline constexpr index_type cached_rows = 128, cached_inputs = 1024;

template <Workers W>
void linear_panels(index_type rows, rows_view<const float> x, panel_view<const float> w, const float* bias,
                   rows_view<float> y, const W& workers) {
  const index_type panels = (w.outputs + w.panel_width - 1) / w.panel_width, count = workers.count();
  if constexpr (!prefetches)  // nor is there a cache to be shared by blocks of rows and inputs
    return deal(panels, units_of_a_part(rows * native_panel_width * w.inputs), workers,
                [&](index_type begin, index_type end) {
                  const index_type last = (std::min)(end * native_panel_width, w.outputs);
                  for (index_type first = begin * native_panel_width; first < last; first += native_panel_width) {
                    const index_type width = (std::min)(native_panel_width, last - first);
                    for_each_tile(rows, tile_rows, [&](index_type row, index_type size) {
                      gemm_tile_at(row, size, w.inputs, x, w.data + first * w.inputs, width, width,
                                   {bias ? bias + first : nullptr, 0}, {y.data + first, y.stride}, {});
                    });
                  }
                });
  // One worker computes a panel for all rows. If there are fewer panels than workers, the rows are split too.
  const index_type wanted = count > 1 ? (2 * count + panels - 1) / panels : 1,
                   most = (rows + tile_rows - 1) / tile_rows, least = (rows + cached_rows - 1) / cached_rows;
  const index_type groups = (std::max)(wanted < most ? wanted : most, least);
  const index_type group_rows = (most + groups - 1) / groups * tile_rows;
  const index_type parts = rows > tile_rows ? (w.inputs + cached_inputs - 1) / cached_inputs : 1;
  deal(groups * panels, units_of_a_part(group_rows * w.panel_width * w.inputs), workers,
       [&](index_type begin, index_type end) {
         for (index_type part = 0; part < parts; ++part) {
           const index_type input = w.inputs * part / parts, inputs = w.inputs * (part + 1) / parts - input;
           for (index_type unit = begin; unit < end; ++unit) {
             const index_type row = unit / panels * group_rows, first = unit % panels * w.panel_width;
             if (row >= rows) break;
             const index_type next = first + w.panel_width;
             const index_type width = w.width_of_panel(first),
                              next_width = unit + 1 < end && next < w.outputs ? w.width_of_panel(next) : 0;
             const rows_view<float> to{y[row] + first, y.stride};
             const tile_start start =
                 part > 0 ? tile_start{to.data, to.stride} : tile_start{bias ? bias + first : nullptr, 0};
             gemm_panel((std::min)(group_rows, rows - row), inputs, {x[row] + input, x.stride},
                        w.data + first * w.inputs + input * width, width, start, to,
                        {w.data, next * w.inputs + input * next_width, next_width * inputs});
           }
         }
       });
}

template <Workers W>
void linear_row_major(index_type rows, rows_view<const float> x, row_major_view<const float> w, const float* bias,
                      rows_view<float> y, const W& workers) {
  constexpr index_type group = tile_vectors * simd::pack<float>::lanes;
  const index_type groups = (w.outputs + group - 1) / group;
  deal(groups, units_of_a_part(rows * group * w.inputs), workers, [&](index_type part, index_type end) {
    const index_type first = part * group, last = end * group < w.outputs ? end * group : w.outputs;
    const row_major_view<const float> table{w.data + first * w.inputs, last - first, w.inputs};
    const float* const start = bias ? bias + first : nullptr;
    if (rows == 1) gemv_row_major(x.data, table, start, y.data + first);
    else gemm_row_major(rows, x, table, start, {y.data + first, y.stride});
  });
}

}  // namespace detail

/// Affine map of every row by a matrix in canonical order: y = x W^T + b.
///
/// x [rows][inputs], w [outputs][inputs], bias [outputs] or null, y [rows][outputs]; y must not overlap x. Scalars
/// other than `float` and constant evaluation use `reference::linear`.
template <class Scalar, Workers W>
constexpr void linear(index_type rows, rows_view<const std::type_identity_t<Scalar>> x,
                      row_major_view<const std::type_identity_t<Scalar>> w, const std::type_identity_t<Scalar>* bias,
                      rows_view<Scalar> y, const W& workers) {
  if (rows <= 0 || w.outputs <= 0) return;
  if constexpr (std::is_same_v<Scalar, float>)
    if (!std::is_constant_evaluated()) return detail::linear_row_major(rows, x, w, bias, y, workers);
  reference::linear(rows, x, w, bias, y);
}

/// Affine map of every row by a matrix in a narrow format: see linear_narrow.hpp.
template <class Scalar, class Format, Workers W>
void linear(index_type rows, rows_view<const std::type_identity_t<Scalar>> x, narrow_view<Format> w,
            const std::type_identity_t<Scalar>* bias, rows_view<Scalar> y, const W& workers);

/// Affine map of every row by a packed matrix: y = x W^T + b.
///
/// As above; `panel_overread` floats behind the matrix must be readable. A panel width other than this target's is
/// correct but slow, except for width 1, which is the canonical order.
template <class Scalar, Workers W>
constexpr void linear(index_type rows, rows_view<const std::type_identity_t<Scalar>> x,
                      panel_view<const std::type_identity_t<Scalar>> w, const std::type_identity_t<Scalar>* bias,
                      rows_view<Scalar> y, const W& workers) {
  if (rows <= 0 || w.outputs <= 0) return;
  if constexpr (std::is_same_v<Scalar, float>)
    if (!std::is_constant_evaluated()) {
      if (w.panel_width == 1)
        return linear(rows, x, row_major_view<const float>{w.data, w.outputs, w.inputs}, bias, y, workers);
      if (w.panel_width == native_panel_width) return detail::linear_panels(rows, x, w, bias, y, workers);
    }
  reference::linear(rows, x, w, bias, y);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
