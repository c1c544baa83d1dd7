// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/shape/shape.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// A buffer as an operation sees it: a pointer and the number of rows in use. The data of a result that nobody reads is
/// null.
template <class Scalar> struct block_view : rows_view<Scalar> {
  index_type rows = 0;
  axis rows_are = axis::token;
};

}  // namespace typeformer
