// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// The number of tokens that each layer sees, where 0 means all: `sliding_windows<listed_windows<7, 0, 7>>`.
/// Precondition: there are at most as many layers as numbers.
template <index_type... Tokens> constexpr index_type listed_windows(index_type layer) {
  constexpr index_type tokens[] = {Tokens...};
  return tokens[layer];
}

}  // namespace typeformer
