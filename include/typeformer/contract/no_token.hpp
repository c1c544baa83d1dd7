// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// No token, in the place of a token's id. A sampler returns it if every logit is NaN or minus infinity.
/// `session::decode` does not change a sequence that gets it. No other negative number has this meaning.
inline constexpr std::int32_t no_token = -1;

}  // namespace typeformer
