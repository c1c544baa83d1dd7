// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/contract/encoder_states.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
/// The second argument of `encoder_decoder` is `encoder<layers…>`.
template <class Stack, class Model> struct stack_is_no_encoder : mismatch {};
/// The third argument of `encoder_decoder` is `decoder<layers…>`.
template <class Stack, class Model> struct stack_is_no_decoder : mismatch {};
}  // namespace error

/// Two embeddings for an `encoder_decoder`: `Source` reads the encoder's ids or features, `Target` the decoder's ids.
/// Each has its own vocabulary and width. A `tied_head` multiplies by the target's table.
template <class Source, class Target> struct source_and_target {
  using source = Source;
  using target = Target;
};

namespace detail {

/// One embedding serves both stacks.
template <class Embedding> struct embeddings_of {
  using source = Embedding;
  using target = Embedding;
  static constexpr bool are_shared = true;
};
template <class Source, class Target> struct embeddings_of<source_and_target<Source, Target>> {
  using source = Source;
  using target = Target;
  static constexpr bool are_shared = false;
};

/// The scope of the decoder's layers: the encoder's states, and the table of the target's embedding.
template <class Embeddings, class States, class Outside, class Outer> constexpr auto scope_of_decoder() {
  if constexpr (Embeddings::are_shared) return std::type_identity<scope_with<Outside, encoder_states<States>>>{};
  else
    return std::type_identity<
        scope_below_embedding<typename Embeddings::target, scope_with<Outer, encoder_states<States>>>>{};
}

template <class Embedding> constexpr index_type channels_of() {
  if constexpr (requires { requires !Embedding::has_class_token && Embedding::channels > 0; })
    return Embedding::channels;
  else return 0;
}

/// `nothing`, or the mismatch that keeps a type from being the embedding of an encoder, and of a decoder after it.
template <class Embedding> constexpr auto checked_source() {
  if constexpr (constexpr auto checked = checked_embedding<Embedding>(); !Shape<typename decltype(checked)::type>)
    return checked;
  else if constexpr (vocabulary_of<Embedding>() == 0 && channels_of<Embedding>() == 0)
    return std::type_identity<error::encoder_reads_tokens_or_features_only<Embedding>>{};
  else return std::type_identity<nothing>{};
}
template <class Embedding> constexpr auto checked_target() {
  if constexpr (constexpr auto checked = checked_embedding<Embedding>(); !Shape<typename decltype(checked)::type>)
    return checked;
  else if constexpr (vocabulary_of<Embedding>() == 0)
    return std::type_identity<error::decoder_after_an_encoder_reads_tokens_only<Embedding>>{};
  else return std::type_identity<nothing>{};
}

template <class Model, class Outer, class Embeddings, class Encoder, class Decoder>
constexpr auto checked_encoder_decoder() {
  using source = typename Embeddings::source;
  using target = typename Embeddings::target;
  if constexpr (!requires { Encoder::is_encoder; })
    return std::type_identity<error::stack_is_no_encoder<Encoder, Model>>{};
  else if constexpr (!requires { Decoder::is_decoder; })
    return std::type_identity<error::stack_is_no_decoder<Decoder, Model>>{};
  else if constexpr (constexpr auto checked = checked_source<source>(); !Shape<typename decltype(checked)::type>)
    return checked;
  else if constexpr (constexpr auto other = checked_target<target>(); !Shape<typename decltype(other)::type>)
    return other;
  else {
    using outside = scope_below_embedding<source, Outer>;
    using states = typeformer::infer<typename Encoder::body, typename source::template shape_of<axis::source>, outside>;
    if constexpr (!Shape<states>) return std::type_identity<states>{};
    else if constexpr (states::rows_are != axis::source)
      return std::type_identity<error::encoder_delivers_no_row_for_each_token<Encoder>>{};
    else {
      using inside = typename decltype(scope_of_decoder<Embeddings, states, outside, Outer>())::type;
      using logits = typename Decoder::template infer_logits<target, inside>;
      if constexpr (Shape<logits> && (Encoder::context <= 0 || Decoder::context <= 0))
        return std::type_identity<error::positions_are_missing_after_the_embedding<
            std::conditional_t<(Encoder::context <= 0), source, target>>>{};
      else if constexpr (Shape<logits> && Encoder::memory_length > 0)
        return std::type_identity<error::layer_knows_nothing_of_earlier_segments<Encoder>>{};
      else if constexpr (Shape<logits> && Decoder::memory_length > 0)
        return std::type_identity<error::layer_knows_nothing_of_earlier_segments<Decoder>>{};
      else return std::type_identity<logits>{};
    }
  }
}

}  // namespace detail

}  // namespace typeformer
