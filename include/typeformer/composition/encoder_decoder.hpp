// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/encoder_decoder_checks.hpp>
#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/encoder_states.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

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

/// Two stacks: an encoder reads the source; a decoder predicts the target's next token and reads the encoder's states
/// by `cross_attention` (Sutskever et al. 2014; Vaswani et al. 2017, arXiv:1706.03762, fig. 1).
///
/// source ids [source rows] or features [source rows][channels], target ids [rows] → logits [rows][vocabulary]. `Embedding` is one that both stacks share,
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
                              source_vocabulary = detail::vocabulary_of<source_embedding>(),
                              source_channels = detail::channels_of<source_embedding>();
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
    c.observe(observation::embedding, source.y);
    c.enter("encoder");
    auto encoded = Encoder::body::walk(c, source.y, source.scope);
    c.leave();
    c.observe(observation::final_hidden_state, encoded.y);
    encoder_memory<decltype(encoded.y)> memory{encoded.y, {}};
    if constexpr (Walk::use::what_for == purpose::train)
      memory.gradient = c.template make<typename decltype(encoded.y)::shape>();
    auto target = walk_target(c, source, memory);
    c.observe(observation::embedding, target.y);
    c.enter("decoder");
    auto decoded = Decoder::body::walk(c, target.y, target.scope);
    c.leave();
    return trace_of<decltype(source), decltype(encoded), decltype(target), decltype(decoded)>{decoded.y, source,
                                                                                              encoded, target, decoded};
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    const auto dstates = value_for<passes::encoder_states>(t.target.scope).gradient;
    c.run(clear_operation{}, out(dstates));
    const auto dtarget = Decoder::body::walk_back(c, t.decoded, dy, t.target.scope);
    c.observe(observation::embedding_gradient, dtarget);
    target_embedding::walk_back(c, t.target, dtarget);
    const auto dsource = Encoder::body::walk_back(c, t.encoded, dstates, t.source.scope);
    c.observe(observation::embedding_gradient, dsource);
    source_embedding::walk_back(c, t.source, dsource);
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
