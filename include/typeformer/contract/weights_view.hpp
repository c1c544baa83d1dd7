// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// Reads parameters in canonical order, without packing: matrices are row-major. For flash, mapped files and training.
template <class Scalar> struct canonical_weights_view {
  const Scalar* data = nullptr;

  template <index_type Outputs, index_type Inputs>
  constexpr row_major_view<const Scalar> matrix(index_type offset) const {
    return {data + offset, Outputs, Inputs};
  }
  template <index_type Rows, index_type Width> constexpr row_major_view<const Scalar> table(index_type offset) const {
    return {data + offset, Rows, Width};
  }
  constexpr const Scalar* vector(index_type offset) const { return data + offset; }
};

/// Reads parameters whose matrices are packed into panels of `PanelWidth` outputs. The offsets are the canonical ones.
template <class Scalar, index_type PanelWidth> struct packed_weights_view {
  const Scalar* data = nullptr;

  template <index_type Outputs, index_type Inputs> constexpr panel_view<const Scalar> matrix(index_type offset) const {
    return {data + offset, Outputs, Inputs, PanelWidth};
  }
  template <index_type Rows, index_type Width> constexpr row_major_view<const Scalar> table(index_type offset) const {
    return {data + offset, Rows, Width};
  }
  constexpr const Scalar* vector(index_type offset) const { return data + offset; }
};

}  // namespace typeformer
