// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer {

/// In the place of a token's id: none. A sampler answers it when every logit is NaN or minus infinity;
/// `session::decode` leaves such a sequence as it is. No other negative number means it.
inline constexpr std::int32_t no_token = -1;

}  // namespace typeformer
