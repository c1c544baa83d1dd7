// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/shape_inference.hpp>

/// One type for every way in which layers do not fit; its name is the sentence that the compiler prints.
namespace typeformer::error {

template <class Width, class Heads, class Layer> struct attention_width_is_not_a_multiple_of_heads : mismatch {};
template <class Heads, class KeyValueHeads, class Layer> struct heads_are_not_a_multiple_of_key_value_heads : mismatch {};
template <class Got, class Needed, class Layer> struct residual_branch_changes_the_width : mismatch {};
template <class Got, class Needed, class Layer> struct repeated_block_changes_the_width : mismatch {};
template <class StreamWidth, class TableWidth, class Layer> struct tied_head_has_another_width_than_the_embedding : mismatch {};
template <class RotaryWidth, class HeadWidth, class Layer> struct rotary_width_does_not_fit_the_heads : mismatch {};
template <class Width, class Layer> struct gated_width_is_odd : mismatch {};
template <class Layer> struct model_needs_an_embedding_first : mismatch {};

}  // namespace typeformer::error
