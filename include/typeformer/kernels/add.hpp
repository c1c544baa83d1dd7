// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/parallel/workers.hpp>
#include <typeformer/shape/views.hpp>
#include <typeformer/simd/isa.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

/// y = a + b over [rows][width]; y may be a or b.
template <class S, Workers W>
constexpr void add(index_type rows, index_type width, rows_view<const S> a, rows_view<const S> b, rows_view<S> y,
                   const W&) {
  for (index_type row = 0; row < rows; ++row) {
    const S *left = a[row], *right = b[row];
    S* sum = y[row];
    for (index_type i = 0; i < width; ++i) sum[i] = left[i] + right[i];
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
