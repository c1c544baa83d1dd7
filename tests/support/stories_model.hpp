// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/models/llama.hpp>

namespace typeformer::testing {

/// The configuration of stories260K in the shared data.
inline constexpr llama_config stories_config{.layers = 5,
                                             .width = 64,
                                             .heads = 8,
                                             .key_value_heads = 4,
                                             .hidden = 172,
                                             .vocabulary = 512,
                                             .context = 512,
                                             .epsilon = 1e-5,
                                             .tied = true,
                                             .turns_adjacent_pairs = true};
struct stories : llama<stories_config> {};

}  // namespace typeformer::testing
