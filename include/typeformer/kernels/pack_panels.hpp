// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/gemm_tile.hpp>
#include <typeformer/kernels/transpose_block.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Calls f(first output, width, panel) for every panel of a packed matrix.
template <class Scalar, class F>
constexpr void for_each_panel(index_type outputs, index_type inputs, Scalar* panels, index_type panel_width, F&& f) {
  for (index_type first = 0; first < outputs; first += panel_width)
    f(first, outputs - first < panel_width ? outputs - first : panel_width, panels + first * inputs);
}

/// Calls f(output, input) for a width x inputs block, `block` inputs at a time, so that both orders stay in the cache.
template <class F> constexpr void for_each_blocked(index_type width, index_type inputs, F&& f) {
  constexpr index_type block = 16;
  for (index_type first = 0; first < inputs; first += block) {
    const index_type end = inputs - first < block ? inputs : first + block;
    for (index_type output = 0; output < width; ++output)
      for (index_type input = first; input < end; ++input) f(output, input);
  }
}

}  // namespace detail

/// Packs rows [first, first + rows) of a matrix with `outputs` rows, the first of which is at `w.data`; the others may
/// follow in any order of calls. Every row lies in one column of one panel.
inline void pack_panel_rows(index_type outputs, index_type inputs, index_type first, index_type rows,
                            rows_view<const float> w, float* panels, index_type panel_width = native_panel_width) {
  for (index_type row = 0, count = 0; row < rows; row += count) {
    const index_type column = (first + row) % panel_width, panel = first + row - column;
    const index_type width = outputs - panel < panel_width ? outputs - panel : panel_width;
    count = (std::min)({rows - row, width - column, simd::pack<float>::lanes});
    detail::transpose_block(count, inputs, w[row], w.stride, panels + panel * inputs + column, width, false);
  }
}

/// Writes a canonical matrix [outputs][inputs] in the order of `panel_view`. `panels` has the same number of elements.
template <class Scalar>
constexpr void pack_panels(row_major_view<const Scalar> w, Scalar* panels,
                           index_type panel_width = native_panel_width) {
  if constexpr (std::is_same_v<Scalar, float>)
    if (!std::is_constant_evaluated())
      return pack_panel_rows(w.outputs, w.inputs, 0, w.outputs, {w.data, w.inputs}, panels, panel_width);
  detail::for_each_panel(w.outputs, w.inputs, panels, panel_width,
                         [&](index_type first, index_type width, Scalar* panel) {
                           const Scalar* const rows = w.data + first * w.inputs;
                           detail::for_each_blocked(width, w.inputs, [&](index_type output, index_type input) {
                             panel[input * width + output] = rows[output * w.inputs + input];
                           });
                         });
}

/// As `pack_panel_rows`, for columns of the matrix: `w` holds inputs [first_input, first_input + count) as rows of outputs
/// [first, first + columns).
inline void pack_panel_inputs(index_type outputs, index_type inputs, index_type first, index_type columns,
                              index_type first_input, index_type count, rows_view<const float> w, float* panels) {
  constexpr index_type panel_width = native_panel_width;
  for (index_type column = 0, run = 0; column < columns; column += run) {
    const index_type place = (first + column) % panel_width, panel = first + column - place;
    const index_type width = outputs - panel < panel_width ? outputs - panel : panel_width;
    run = (std::min)(columns - column, width - place);
    for (index_type input = 0; input < count; ++input)
      std::copy_n(w[input] + column, run, panels + panel * inputs + (first_input + input) * width + place);
  }
}

/// Writes a packed matrix back in canonical order: the inverse of `pack_panels`.
template <class Scalar> constexpr void unpack_panels(panel_view<const Scalar> w, Scalar* matrix) {
  detail::for_each_panel(w.outputs, w.inputs, w.data, w.panel_width,
                         [&](index_type first, index_type width, const Scalar* panel) {
                           Scalar* const rows = matrix + first * w.inputs;
                           detail::for_each_blocked(width, w.inputs, [&](index_type output, index_type input) {
                             rows[output * w.inputs + input] = panel[input * width + output];
                           });
                         });
}

/// `pack_panels` of the transpose: `w` is stored as [inputs][outputs], as GPT-2's projections are.
template <class Scalar>
constexpr void pack_panels_transposed(index_type outputs, index_type inputs, const Scalar* w, Scalar* panels,
                                      index_type panel_width = native_panel_width) {
  detail::for_each_panel(outputs, inputs, panels, panel_width, [&](index_type first, index_type width, Scalar* panel) {
    for (index_type input = 0; input < inputs; ++input)
      for (index_type output = 0; output < width; ++output)
        panel[input * width + output] = w[input * outputs + first + output];
  });
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
