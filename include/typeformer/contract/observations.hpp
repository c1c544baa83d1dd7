// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// What a walk shows to an observer. In other contexts it generates no code.
///
/// An observer that takes views of numbers that it may write changes the run from there on: everything that reads the
/// value later reads what the observer wrote. Probabilities, queries, keys and values are shown after they were used. In
/// training, gradients are right if the observer adds to an embedding or to an input or output of a block.
enum class observation {
  embedding,                      ///< output of a model's first layer: [rows][width]
  stack_input,                    ///< input of the first block: [rows][width]
  head_outputs,                   ///< of an attention, before its output projection: [rows][heads * head width]
  feed_forward_hidden,            ///< of a feed-forward, before its down projection: [rows][hidden]
  branch_output,                  ///< what a branch of a block adds to its input: [rows][width]
  block_output,                   ///< output of a block: [rows][width]
  final_hidden_state,             ///< input of the head: [rows][width]
  attention_probabilities,        ///< of a block: [rows][heads][keys of the row's sequence], rows heads * tokens apart
  cross_attention_probabilities,  ///< of a block: [rows][heads][tokens of the row's source], rows heads * source apart
  query_key_value,                ///< of a block, rotated: [rows][queries | keys | values]
  pooled,                         ///< a row of each sequence: [sequences][width]
  embedding_gradient              ///< derivative of the objective by `embedding`, in training: [rows][width]
};

inline constexpr int observation_count = int(observation::embedding_gradient) + 1;

/// The place in the loops of a walk: how many `repeat`s are around it, and the index of the iteration among all their
/// iterations, in which the innermost index changes fastest.
struct loop_place {
  index_type depth = 0, iteration = 0;
};

}  // namespace typeformer
