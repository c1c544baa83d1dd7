// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/parallel/workers.hpp>
#include <typeformer/shape/token_batch.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// A buffer as an operation sees it: rows in use, and where they lie. A result that nobody reads has null data.
template <class Scalar> struct block_view : rows_view<Scalar> {
  index rows = 0;
};

/// What every operation can ask beside its arguments.
template <class W> struct call {
  const token_batch& batch;
  const capacities& reserved;
  const W& workers;
  const index* iteration = nullptr;  ///< of each loop around the operation; 0 where there is none
};

}  // namespace typeformer
