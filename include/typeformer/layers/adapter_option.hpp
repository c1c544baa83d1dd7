// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

/// Which maps of a block an adapter changes; those of attention that the paper adapts unless said otherwise (§4.2, §7.1).
struct adapted_maps {
  bool query = true, key = false, value = true, output = false;  ///< of attention
  bool gate = false, up = false, down = false;                   ///< of the feed-forward
};

/// Kind of the options that adapt the maps of a layer; see `adapts`.
struct adapter_option;
struct adapts_nothing {
  using option_kind = adapter_option;
  using adapter = nothing;
  static constexpr adapted_maps maps{.query = false, .value = false};

  /// What an attention asks of its adapters.
  template <class Numbers, index_type Width> struct of_attention {
    template <class Walk, class X, class Projection>
    static constexpr Projection walk_projection(Walk&, X, Projection projection) {
      return projection;
    }
    template <class Walk, class Mixed, class Output> static constexpr Output walk_output(Walk&, Mixed, Output output) {
      return output;
    }
    /// Back through a map and what adapts it.
    template <class Map, class Walk, class Trace, class DY> static constexpr auto walk_back(Walk& c, Trace t, DY dy) {
      return Map::walk_back(c, t, dy);
    }
  };
};

/// What the options of a layer say of adapters: `adapts<…>` or `adapts_nothing`.
template <class... Options> using adapts_option = chosen<adapts_nothing, Options...>;

}  // namespace typeformer
