// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/layers/adapter_option.hpp>
#include <typeformer/layers/low_rank.hpp>

namespace typeformer {

/// The low-rank updates of an attention's projections, if its options ask for any: of the projection to queries, keys
/// and values, which are side by side in a row, and of the output projection.
///
/// `Adapts` is the result of `adapts_option`, `Numbers` are the attention's.
template <class Adapts, class Numbers, index_type Width> struct adapted_attention {
  using adapter = typename Adapts::adapter;
  static constexpr adapted_maps maps = Adapts::maps;
  static constexpr index_type q = Numbers::query_width, k = Numbers::key_width;

  template <class Walk, class X, class Projection>
  static constexpr auto walk_projection(Walk& c, X x, Projection projection) {
    if constexpr (maps.query || maps.key || maps.value) {
      auto query = detail::walk_update_if<maps.query, update<Width, 0, q>>(
          c, x, projection, {"query.lora_A.weight", "query.lora_B.weight"});
      auto key = detail::walk_update_if<maps.key, update<Width, q, k>>(c, x, query,
                                                                       {"key.lora_A.weight", "key.lora_B.weight"});
      return detail::walk_update_if<maps.value, update<Width, q + k, k>>(
          c, x, key, {"value.lora_A.weight", "value.lora_B.weight"});
    } else {
      return projection;
    }
  }
  template <class Walk, class Mixed, class Output>
  static constexpr auto walk_output(Walk& c, Mixed mixed, Output output) {
    if constexpr (maps.output)
      return update<q, 0, Width>::walk(c, mixed, output, {"output.lora_A.weight", "output.lora_B.weight"});
    else return output;
  }

  /// The backward pass of a projection and its update.
  template <class Map, class Walk, class Trace, class DY> static constexpr auto walk_back(Walk& c, Trace t, DY dy) {
    return detail::walk_back_with_updates<Map>(c, t, dy);
  }

 private:
  template <index_type Inputs, index_type First, index_type Columns>
  using update = detail::low_rank_update<adapter, Inputs, First, Columns>;
};

}  // namespace typeformer
