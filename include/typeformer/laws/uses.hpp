// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/use.hpp>

namespace typeformer::laws {

/// Two sequences of at most 5 tokens, sources of at most 4. In decoding at most 8 tokens are cached.
inline constexpr capacities law_capacities{2, 5, 0, 4};
using law_evaluation = walk_use<purpose::evaluate, law_capacities>;
/// With tokens of earlier segments.
template <index_type Memory> using law_training_with = walk_use<purpose::train, capacities{2, 5, 0, 4, Memory}>;
template <index_type Memory> using law_decoding_with = walk_use<purpose::decode, capacities{2, 5, 8, 4, Memory}>;
using law_training = law_training_with<0>;
using law_decoding = law_decoding_with<0>;

}  // namespace typeformer::laws
