// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// The number of the rotary table that each layer uses, where −1 means that it does not rotate:
/// `rotary_positions_of_layers<listed_rotary_tables<0, 1, -1>, …>`. Precondition: there are at most as many layers as
/// numbers.
template <index_type... Tables> constexpr index_type listed_rotary_tables(index_type layer) {
  constexpr index_type tables[] = {Tables...};
  return tables[layer];
}

}  // namespace typeformer
