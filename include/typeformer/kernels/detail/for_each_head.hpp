// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/parallel/workers.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// `workers` if the work justifies more than one, else the calling thread.
template <class W, class F>
TYPEFORMER_ALWAYS_INLINE void for_each_head(index_type heads, index_type multiplications, const W& workers, F&& f) {
  if (multiplications > 4 * elements_per_part) workers.for_each(heads, f);
  else inline_workers{}.for_each(heads, f);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
