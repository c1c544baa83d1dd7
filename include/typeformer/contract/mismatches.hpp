// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/foundation/fixed_string.hpp>

/// One type for each way in which layers do not fit. Its name is the sentence that the compiler prints.
namespace typeformer::error {

template <class Got, class Needed, class Layer> struct residual_branch_changes_the_width : mismatch {};
template <class Got, class Needed, class Layer> struct repeated_block_changes_the_width : mismatch {};
template <class StreamWidth, class TableWidth, class Layer>
struct tied_head_has_another_width_than_the_embedding : mismatch {};
/// The layer would ignore what was passed down to it, for example because it has its own encoding of positions.
template <class Entry, class Layer> struct layer_does_not_read_what_is_passed_down : mismatch {};
template <class Width, class Layer> struct sinusoidal_width_is_odd : mismatch {};
template <class Width, class Layer> struct gated_width_is_odd : mismatch {};
template <class Layer> struct first_layer_is_no_embedding : mismatch {};
template <class Layer> struct last_layer_is_no_head : mismatch {};
/// The head's logits are those of tokens, but the first layer reads real values: use `classifier<…>`.
template <class Head, class Embedding> struct head_needs_a_vocabulary : mismatch {};
/// An image has more patches than the layers have positions.
template <class Context, class Needed, class Embedding> struct image_has_more_patches_than_the_context : mismatch {};
/// Cross-attention reads a state for each token of the source. Pool after the cross-attention, or not at all.
template <class Encoder> struct encoder_delivers_no_row_for_each_token : mismatch {};
/// The function of a `repeat` returns a block outside 0 … N − 1 for some iteration, or is not a function of the
/// iteration.
template <class Layer> struct iteration_has_no_such_block : mismatch {};
/// A direction needs at least two buckets. The first half of them is for single distances, which must be below the
/// maximum.
template <class Buckets, class MaximumDistance, class Layer> struct distances_do_not_fit_their_buckets : mismatch {};
/// These weights are of another model.
template <class Weights, class Model> struct weights_are_of_another_model : mismatch {};
/// No layer has a `context`, so the number of positions is unknown.
template <class Embedding> struct positions_are_missing_after_the_embedding : mismatch {};
template <fixed_string Name> struct two_parameters_have_the_same_name : mismatch {};
/// A `session` caches earlier tokens. An encoder sees its whole text at once; a `forward_pass` runs it.
template <class Model> struct only_a_decoder_predicts_the_next_token : mismatch {};
/// The model ends in a head for sequences, or in several heads.
template <class Output, class Model> struct session_needs_logits_of_tokens : mismatch {};
/// The head does not have as many classes as the model has tokens, so it does not predict tokens.
template <class Classes, class Vocabulary, class Model> struct logits_are_not_of_the_vocabulary : mismatch {};
/// Images are not read in parts: an `encoder_only` reads them, and a `forward_pass` runs it.
template <class Model> struct session_reads_no_images : mismatch {};
/// A sampler or a beam search needs logits of tokens, but this model reads real values and has no tokens.
template <class Model> struct only_a_model_of_tokens_generates : mismatch {};
/// Generation chooses the next tokens itself and knows no other inputs for them: call `give` and `decode` for each.
template <class Model> struct generation_gives_no_inputs_of_the_users_own : mismatch {};
/// A decoder's tokens come one after the other, but a row of this embedding depends on later ones.
template <class Embedding> struct first_layer_of_a_decoder_sees_later_tokens : mismatch {};
/// The encoder of an encoder-decoder reads tokens, or features without a class token.
template <class Embedding> struct encoder_reads_tokens_or_features_only : mismatch {};
/// The decoder of an encoder-decoder reads and predicts tokens.
template <class Embedding> struct decoder_after_an_encoder_reads_tokens_only : mismatch {};
/// The head computes all rows, although the use needs only the last row of each sequence (`Use::delivers_last_rows`).
template <class Model> struct head_does_not_select_the_last_rows : mismatch {};
/// A sliding cache holds at least the memory and the new tokens of a call.
template <class Asked, class Needed, class Model>
struct less_context_is_asked_for_than_memory_and_prompt_need : mismatch {};
template <class Asked, class Limit, class Model> struct more_context_is_asked_for_than_the_model_has : mismatch {};

}  // namespace typeformer::error
