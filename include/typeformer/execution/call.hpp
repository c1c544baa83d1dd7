// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/isa.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// What every operation can read in addition to its arguments.
template <class W> struct call {
  const batch_rows& batch;
  const capacities& reserved;
  const W& workers;
  const index_type* iteration = nullptr;       ///< index of each loop around the operation; 0 if there is none
  const batch_rows& source = nothing_to_read;  ///< without rows if the encoder has no new source

  static constexpr batch_rows nothing_to_read{};
  /// The rows that a tensor of this kind belongs to.
  constexpr const batch_rows& batch_of(axis rows_are) const { return rows_are == axis::source ? source : batch; }
};

}  // namespace typeformer::inline TYPEFORMER_ISA
