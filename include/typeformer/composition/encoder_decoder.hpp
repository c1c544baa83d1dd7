// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/encoder_states.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The layers of an `encoder_decoder` that read the source.
template <class... Layers> struct encoder {
  using body = sequential<Layers...>;
  static constexpr index context = context_of<Layers...>(), memory_length = memory_length_of<Layers...>();
};
/// The layers of an `encoder_decoder` that write the target, with a head as the last.
template <class... Layers> struct decoder {
  using body = sequential<Layers...>;
  static constexpr index context = context_of<Layers...>(), memory_length = memory_length_of<Layers...>();
  template <class Embedding, class Scope>
  using infer_logits = infer_with_head<Embedding, typename Embedding::shape, Scope, Layers...>;
};

namespace detail {

template <class Outer, class Embedding, class Encoder, class Decoder> constexpr auto checked_encoder_decoder() {
  if constexpr (!requires { typename Embedding::shape; index(Embedding::vocabulary); })
    return std::type_identity<error::first_layer_is_no_embedding<Embedding>>{};
  else if constexpr (constexpr auto options = checked_options_of<Embedding>(); !Shape<typename decltype(options)::type>)
    return options;
  else {
    using outside = scope_below_embedding<Embedding, Outer>;
    using states =
        typeformer::infer<typename Encoder::body, typename Embedding::template shape_of<axis::source>, outside>;
    if constexpr (!Shape<states>) return std::type_identity<states>{};
    else {
      using inside = scope_with<outside, encoder_states<states>>;
      using logits = typename Decoder::template infer_logits<Embedding, inside>;
      if constexpr (Shape<logits> && (Encoder::context <= 0 || Decoder::context <= 0))
        return std::type_identity<error::positions_are_missing_after_the_embedding<Embedding>>{};
      else if constexpr (Shape<logits> && Encoder::memory_length > 0)
        return std::type_identity<error::layer_knows_nothing_of_earlier_segments<Encoder>>{};
      else if constexpr (Shape<logits> && Decoder::memory_length > 0)
        return std::type_identity<error::layer_knows_nothing_of_earlier_segments<Decoder>>{};
      else return std::type_identity<logits>{};
    }
  }
}

}  // namespace detail

/// Two stacks with one embedding: an encoder reads the source, a decoder predicts the target's next token and sees the
/// encoder's states by `cross_attention` (Sutskever et al. 2014; Vaswani et al. 2017, arXiv:1706.03762, fig. 1).
///
/// source ids [source rows], target ids [rows] → logits [rows][vocabulary]. The source comes with the batch
/// (`token_batch::source`) or a session's `read`. Derive a named struct from it to keep symbols and errors short.
template <class Embedding, class Encoder, class Decoder> struct encoder_decoder {
  using embedding = Embedding;
  static constexpr bool decodes = true, reads_source = true;
  static constexpr index vocabulary = detail::vocabulary_of<Embedding>();
  static constexpr index context = Decoder::context, source_context = Encoder::context;
  /// The shape of the logits, or the first mismatch; with examiners, also what they find.
  template <class... Examiners>
  using examined =
      typename decltype(detail::checked_encoder_decoder<scope<declared<Examiners>...>, Embedding, Encoder, Decoder>())::type;
  using result = examined<>;

  template <class Source, class Encoded, class Target, class Decoded> struct trace_of {
    decltype(Decoded::y) y;
    Source source;
    Encoded encoded;
    Target target;
    Decoded decoded;
  };

  template <class Context> static constexpr auto walk(Context& c) {
    auto source = Embedding::template walk<axis::source>(c, scope<>{});
    c.enter("encoder");
    auto encoded = Encoder::body::walk(c, source.y, source.scope);
    c.leave();
    c.observe(observation::final_hidden_state, encoded.y);
    encoder_memory<decltype(encoded.y)> memory{encoded.y, {}};
    if constexpr (Context::use::what_for == purpose::train)
      memory.gradient = c.template make<typename decltype(encoded.y)::shape>();
    using states = encoder_states<typename decltype(encoded.y)::shape>;
    auto target = Embedding::template look_up<axis::token>(c, pass_down<states, typename Context::use>(source.scope, memory));
    c.enter("decoder");
    auto decoded = Decoder::body::walk(c, target.y, target.scope);
    c.leave();
    return trace_of<decltype(source), decltype(encoded), decltype(target), decltype(decoded)>{decoded.y, source, encoded,
                                                                                             target, decoded};
  }
  template <class Context, class Trace, class DY> static constexpr void walk_back(Context& c, Trace t, DY dy) {
    const auto dstates = value_for<passes::encoder_states>(t.target.scope).gradient;
    c.run(clear_operation{}, out(dstates));
    Embedding::walk_back(c, t.target, Decoder::body::walk_back(c, t.decoded, dy, t.target.scope));
    Embedding::walk_back(c, t.source, Encoder::body::walk_back(c, t.encoded, dstates, t.source.scope));
  }
};

}  // namespace typeformer
