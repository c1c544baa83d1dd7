// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/layers/adapter_option.hpp>
#include <typeformer/layers/low_rank.hpp>

namespace typeformer {

/// The low-rank updates of a feed-forward's projections, if its options ask for any. In a row a gate comes before the
/// up projection.
///
/// `Adapts` is the result of `adapts_option`.
template <class Adapts, index_type Width, index_type Hidden, bool IsGated> struct adapted_feed_forward {
  using adapter = typename Adapts::adapter;
  static constexpr adapted_maps maps = Adapts::maps;

  template <class Walk, class X, class Up> static constexpr auto walk_up(Walk& c, X x, Up map) {
    if constexpr (maps.up || (IsGated && maps.gate)) {
      auto gate = detail::walk_update_if<(IsGated && maps.gate), detail::low_rank_update<adapter, Width, 0, Hidden>>(
          c, x, map, {"gate.lora_A.weight", "gate.lora_B.weight"});
      return detail::walk_update_if<maps.up, detail::low_rank_update<adapter, Width, IsGated ? Hidden : 0, Hidden>>(
          c, x, gate, {"up.lora_A.weight", "up.lora_B.weight"});
    } else {
      return map;
    }
  }
  template <class Walk, class Middle, class Down> static constexpr auto walk_down(Walk& c, Middle middle, Down map) {
    if constexpr (maps.down)
      return detail::low_rank_update<adapter, Hidden, 0, Width>::walk(c, middle, map,
                                                                      {"down.lora_A.weight", "down.lora_B.weight"});
    else return map;
  }
};

}  // namespace typeformer
