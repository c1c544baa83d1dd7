// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

/// The projections of a block that an adapter changes. The defaults are those of attention that the paper adapts (§4.2,
/// §7.1).
struct adapted_maps {
  bool query = true, key = false, value = true, output = false;  ///< of attention
  bool gate = false, up = false, down = false;                   ///< of the feed-forward
};

/// Kind of the options that adapt the projections of a layer; see `adapts`.
struct adapter_option;
struct adapts_nothing {
  using option_kind = adapter_option;
  using adapter = nothing;
  static constexpr adapted_maps maps{.query = false, .value = false};

  /// The adapters of an attention.
  template <class Numbers, index_type Width> struct of_attention {
    template <class Walk, class X, class Projection>
    static constexpr Projection walk_projection(Walk&, X, Projection projection) {
      return projection;
    }
    template <class Walk, class Mixed, class Output> static constexpr Output walk_output(Walk&, Mixed, Output output) {
      return output;
    }
    /// The backward pass of a projection and its update.
    template <class Map, class Walk, class Trace, class DY> static constexpr auto walk_back(Walk& c, Trace t, DY dy) {
      return Map::walk_back(c, t, dy);
    }
  };
};

/// The option of a layer about adapters: `adapts<…>` or `adapts_nothing`.
template <class... Options> using adapts_option = chosen<adapts_nothing, Options...>;

}  // namespace typeformer
