// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// What a walk shows to a context that observes; the others skip it, so that it is absent from the code.
enum class observation {
  stack_input,                    ///< what enters the first block: [rows][width]
  block_output,                   ///< what leaves a block: [rows][width]
  final_hidden_state,             ///< what enters the head: [rows][width]
  attention_probabilities,        ///< of a block: [rows][heads][keys of the row's sequence], rows heads * tokens apart
  cross_attention_probabilities,  ///< of a block: [rows][heads][tokens of the row's source], rows heads * source apart
  query_key_value,                ///< of a block, turned: [rows][queries | keys | values]
  pooled                          ///< what stands for each sequence: [sequences][width]
};

/// Where in the loops of a walk something is seen: how many `repeat`s are around it, and which iteration of all of them
/// it is, the inner ones counting fastest.
struct loop_place {
  index_type depth = 0, iteration = 0;
};

}  // namespace typeformer
