// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/encoder_states.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
/// The second argument of `encoder_decoder` is `encoder<layers…>`.
template <class Stack, class Model> struct stack_is_no_encoder : mismatch {};
/// The third argument of `encoder_decoder` is `decoder<layers…>`.
template <class Stack, class Model> struct stack_is_no_decoder : mismatch {};
}  // namespace error

/// The layers of an `encoder_decoder` that read the source.
template <class... Layers> struct encoder {
  static constexpr bool is_encoder = true;
  using body = sequential<Layers...>;
  static constexpr index_type context = limits_of_layers<Layers...>.context,
                              memory_length = limits_of_layers<Layers...>.memory_length;
};
/// The layers of an `encoder_decoder` that predict the target, with a head as the last layer.
template <class... Layers> struct decoder {
  static constexpr bool is_decoder = true;
  using body = sequential<Layers...>;
  static constexpr index_type context = limits_of_layers<Layers...>.context,
                              memory_length = limits_of_layers<Layers...>.memory_length;
  template <class Embedding, class Scope>
  using infer_logits = infer_with_head<Embedding, typename Embedding::shape, Scope, Layers...>;
};

/// Two embeddings for an `encoder_decoder`: `Source` reads the encoder's ids, `Target` the decoder's. Each has its own
/// vocabulary and width. A `tied_head` multiplies by the target's table.
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

/// `nothing`, or the mismatch that keeps a type from being an embedding of an encoder-decoder.
template <class Embedding> constexpr auto checked_embedding_of_stack() {
  if constexpr (constexpr auto checked = checked_embedding<Embedding>(); !Shape<typename decltype(checked)::type>)
    return checked;
  else if constexpr (vocabulary_of<Embedding>() == 0)
    return std::type_identity<error::encoder_decoder_reads_tokens_only<Embedding>>{};
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
  else if constexpr (constexpr auto checked = checked_embedding_of_stack<source>();
                     !Shape<typename decltype(checked)::type>)
    return checked;
  else if constexpr (constexpr auto checked_target = checked_embedding_of_stack<target>();
                     !Shape<typename decltype(checked_target)::type>)
    return checked_target;
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

/// Two stacks: an encoder reads the source; a decoder predicts the target's next token and reads the encoder's states
/// by `cross_attention` (Sutskever et al. 2014; Vaswani et al. 2017, arXiv:1706.03762, fig. 1).
///
/// source ids [source rows], target ids [rows] → logits [rows][vocabulary]. `Embedding` is one that both stacks share,
/// or `source_and_target` with one for each. The parameters of the latter are named after the stack:
/// `encoder.token_embedding.weight`. The source is given with the batch (`token_batch::source`) or by a session's
/// `read`. Derive a named struct from it to keep symbols and errors short.
template <class Embedding, class Encoder, class Decoder> struct encoder_decoder {
 private:
  using embeddings = detail::embeddings_of<Embedding>;
  using source_embedding = typename embeddings::source;
  using target_embedding = typename embeddings::target;

 public:
  using embedding = Embedding;
  static constexpr bool decodes = true, reads_source = true;
  /// Of the target, and of the source.
  static constexpr index_type vocabulary = detail::vocabulary_of<target_embedding>(),
                              source_vocabulary = detail::vocabulary_of<source_embedding>();
  static constexpr index_type context = limits_of_layers<Decoder>.context,
                              source_context = limits_of_layers<Encoder>.context;
  /// The shape of the logits, or the first mismatch. With examiners, also the first one that they find.
  template <class... Examiners>
  using examined = typename decltype(detail::checked_encoder_decoder<encoder_decoder, scope<declared<Examiners>...>,
                                                                     embeddings, Encoder, Decoder>())::type;
  using output = examined<>;

  template <class Source, class Encoded, class Target, class Decoded> struct trace_of {
    decltype(Decoded::y) y;
    Source source;
    Encoded encoded;
    Target target;
    Decoded decoded;
  };

  template <class Walk> static constexpr auto walk(Walk& c) {
    auto source = walk_source(c);
    c.enter("encoder");
    auto encoded = Encoder::body::walk(c, source.y, source.scope);
    c.leave();
    c.observe(observation::final_hidden_state, encoded.y);
    encoder_memory<decltype(encoded.y)> memory{encoded.y, {}};
    if constexpr (Walk::use::what_for == purpose::train)
      memory.gradient = c.template make<typename decltype(encoded.y)::shape>();
    auto target = walk_target(c, source, memory);
    c.enter("decoder");
    auto decoded = Decoder::body::walk(c, target.y, target.scope);
    c.leave();
    return trace_of<decltype(source), decltype(encoded), decltype(target), decltype(decoded)>{decoded.y, source,
                                                                                              encoded, target, decoded};
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    const auto dstates = value_for<passes::encoder_states>(t.target.scope).gradient;
    c.run(clear_operation{}, out(dstates));
    target_embedding::walk_back(c, t.target, Decoder::body::walk_back(c, t.decoded, dy, t.target.scope));
    source_embedding::walk_back(c, t.source, Encoder::body::walk_back(c, t.encoded, dstates, t.source.scope));
  }

 private:
  template <class Walk> static constexpr auto walk_source(Walk& c) {
    if constexpr (embeddings::are_shared) {
      return source_embedding::template walk<axis::source>(c, scope<>{});
    } else {
      c.enter("encoder");
      auto source = source_embedding::template walk<axis::source>(c, scope<>{});
      c.leave();
      return source;
    }
  }
  template <class Walk, class Source, class States>
  static constexpr auto walk_target(Walk& c, const Source& source, const encoder_memory<States>& memory) {
    using states = encoder_states<typename States::shape>;
    using use = typename Walk::use;
    if constexpr (embeddings::are_shared) {
      return target_embedding::template look_up<axis::token>(c, pass_down<states, use>(source.scope, memory));
    } else {
      c.enter("decoder");
      auto target = target_embedding::template walk<axis::token>(c, pass_down<states, use>(scope<>{}, memory));
      c.leave();
      return target;
    }
  }
};

}  // namespace typeformer
