// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/foundation/config.hpp>

namespace typeformer {

namespace error {
/// Batches have at least one sequence, and each sequence at least one token.
template <index_type... Extents> struct batches_are_empty : mismatch {};
}  // namespace error

namespace detail {
template <index_type... Extents> constexpr auto checked_extents() {
  if constexpr (((Extents > 0) && ...)) return 0;
  else return error::batches_are_empty<Extents...>{};
}
}  // namespace detail

/// The extents of batches, or the mismatch if one of them is not positive.
template <index_type... Extents> using batch_extents = decltype(detail::checked_extents<Extents...>());

}  // namespace typeformer
