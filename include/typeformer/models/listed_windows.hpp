// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// How many tokens each layer sees, 0 standing for all: `sliding_windows<listed_windows<7, 0, 7>>`. Precondition: not
/// more layers than numbers.
template <index_type... Tokens> constexpr index_type listed_windows(index_type layer) {
  constexpr index_type tokens[] = {Tokens...};
  return tokens[layer];
}

}  // namespace typeformer
