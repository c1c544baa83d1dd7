// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/model.hpp>
#include <typeformer/inspection/flop_counter.hpp>

namespace typeformer {

/// Floating-point operations of one call of a model in which every reserved token is new and in use, for example
/// `flops<M, evaluating_with<tokens<64>>>`. A multiply-add counts twice. Work on tokens that were cached before the
/// call is not counted.
template <class M, class Use>
  requires fits_together<checked_model<M>> && fits_together<checked_use<Use, M>>
inline constexpr std::int64_t flops = [] {
  flop_counter<typename Use::template use<M>> counter;
  Use::template walk<M>::walk(counter);
  return counter.total();
}();

}  // namespace typeformer
