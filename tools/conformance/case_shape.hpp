// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>

namespace typeformer::conformance {

/// How many tokens a case has; of what it does not have, none.
struct case_shape {
  index_type batch, length;      ///< of `input_ids`
  index_type target_length = 0;  ///< of `decoder_input_ids`
  std::int32_t start = 0;        ///< the token that an encoder-decoder's generation begins with
  index_type prompts = 0;        ///< of `gen.prompt_ids`
};

}  // namespace typeformer::conformance
