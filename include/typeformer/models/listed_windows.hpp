// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// The number of tokens that each layer sees, where 0 means all: `sliding_windows<listed_windows<7, 0, 7>>`.
/// Layers after the last number see all.
template <index_type... Tokens> constexpr index_type listed_windows(index_type layer) {
  constexpr index_type tokens[] = {Tokens...};
  return layer < index_type(sizeof...(Tokens)) ? tokens[layer] : 0;
}

}  // namespace typeformer
