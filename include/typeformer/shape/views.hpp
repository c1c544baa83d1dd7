// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Rows of equal width whose beginnings are `stride` elements apart: [rows][width], row-major.
template <class Scalar> struct rows_view {
  Scalar* data = nullptr;
  index_type stride = 0;

  constexpr Scalar* operator[](index_type row) const { return data + row * stride; }
  constexpr rows_view from(index_type row) const { return {data + row * stride, stride}; }
  constexpr explicit operator bool() const { return data != nullptr; }
  constexpr operator rows_view<const Scalar>() const { return {data, stride}; }
};

/// A weight matrix [outputs][inputs] in its canonical order, row-major.
template <class Scalar> struct row_major_view {
  Scalar* data = nullptr;
  index_type outputs = 0, inputs = 0;

  constexpr Scalar& operator()(index_type output, index_type input) const { return data[output * inputs + input]; }
};

/// A weight matrix [outputs][inputs] in panels of `panel_width` outputs, each [inputs][panel_width]. The last panel is
/// narrower if `panel_width` does not divide `outputs`. The number of elements is that of the matrix.
template <class Scalar> struct panel_view {
  Scalar* data = nullptr;
  index_type outputs = 0, inputs = 0, panel_width = 1;

  constexpr index_type width_of_panel(index_type first) const {
    return outputs - first < panel_width ? outputs - first : panel_width;
  }
  constexpr Scalar& operator()(index_type output, index_type input) const {
    const index_type first = output / panel_width * panel_width;
    return data[first * inputs + input * width_of_panel(first) + (output - first)];
  }
};

}  // namespace typeformer
