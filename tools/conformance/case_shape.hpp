// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>

namespace typeformer::conformance {

/// The numbers of tokens of a case; 0 for those that it does not have.
struct case_shape {
  index_type batch, length;      ///< of `input_ids`
  index_type target_length = 0;  ///< of `decoder_input_ids`
  std::int32_t start = 0;        ///< the first token of an encoder-decoder's generation
  index_type prompts = 0;        ///< of `gen.prompt_ids`
};

}  // namespace typeformer::conformance
