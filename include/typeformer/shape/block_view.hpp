// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/shape/shape.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// A buffer as an operation sees it: rows in use, and where they lie. A result that nobody reads has null data.
template <class Scalar> struct block_view : rows_view<Scalar> {
  index_type rows = 0;
  axis rows_are = axis::token;
};

}  // namespace typeformer
