// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

/// What a walk shows to a context that observes; the others skip it, so that it is absent from the code.
enum class observation {
  stack_input,              ///< what enters the first block: [rows][width]
  block_output,             ///< what leaves a block: [rows][width]
  final_hidden_state,       ///< what enters the head: [rows][width]
  attention_probabilities,  ///< of a block: [rows][heads][keys of the row's sequence], rows heads * tokens apart
  query_key_value           ///< of a block, turned: [rows][queries | keys | values]
};

}  // namespace typeformer
