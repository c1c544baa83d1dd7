// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/shape_inference.hpp>

namespace typeformer {

namespace detail {

template <class Found> inline constexpr bool says_that_a_head_is_missing = false;
template <class Layer> inline constexpr bool says_that_a_head_is_missing<error::last_layer_is_no_head<Layer>> = true;

/// Without a head an encoder delivers its hidden states, or what its last layer makes of them.
template <class Outer, class Embedding, class... Layers> constexpr auto checked_encoder() {
  if constexpr (constexpr auto embedding = checked_embedding<Embedding>(); !Shape<typename decltype(embedding)::type>)
    return embedding;
  else {
    using below = scope_below_embedding<Embedding, Outer>;
    using with_head = infer_with_head<Embedding, typename Embedding::shape, below, Layers...>;
    using hidden = infer_chain<typename Embedding::shape, below, Layers...>;
    constexpr bool needs_none = Shape<hidden> || says_that_a_head_is_missing<with_head>;
    return checked_model<Embedding, std::conditional_t<needs_none, hidden, with_head>, Layers...>();
  }
}

template <class Embedding, class... Layers> constexpr bool ends_in_a_head() {
  if constexpr (requires { typename Embedding::shape; })
    return Shape<infer_with_head<Embedding, typename Embedding::shape, scope_below_embedding<Embedding>, Layers...>>;
  else return false;
}

}  // namespace detail

/// A stack that sees a whole text at once: an embedding and layers, of which the last may be a head, or several
/// (`token_and_sequence_heads`).
///
/// ids, segments [rows] → hidden states or logits, of tokens, of sequences (`sentence_embedding`), or both. It
/// remembers nothing, so that a `session` does not take it: a `forward_pass` runs it. Derive a named struct to keep
/// symbols and errors short.
template <class Embedding, class... Layers>
struct encoder_only : embedded_layers<Embedding, sequential<Layers...>, Layers...> {
  static constexpr bool decodes = false;
  static constexpr index_type segments = limits_of_layers<Layers...>.segments;
  static constexpr index_type lowest_position = limits_of_layers<Layers...>.lowest_position.value_or(0);
  /// The shape of what it delivers, or the first mismatch; with examiners, also what they find.
  template <class... Examiners>
  using examined =
      typename decltype(detail::checked_encoder<scope<declared<Examiners>...>, Embedding, Layers...>())::type;
  using output = examined<>;
  /// Whether it delivers logits.
  static constexpr bool has_head = detail::ends_in_a_head<Embedding, Layers...>();
};

}  // namespace typeformer
