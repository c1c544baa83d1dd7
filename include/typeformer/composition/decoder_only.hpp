// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/mismatches.hpp>

namespace typeformer {

namespace detail {

template <class Outer, class Embedding, class... Layers> constexpr auto checked_decoder() {
  if constexpr (constexpr auto embedding = checked_embedding<Embedding>(); !Shape<typename decltype(embedding)::type>)
    return embedding;
  else if constexpr (requires { requires Embedding::sees_later_tokens; })
    return std::type_identity<error::first_layer_of_a_decoder_sees_later_tokens<Embedding>>{};
  else
    return checked_model<
        Embedding,
        infer_with_head<Embedding, typename Embedding::shape, scope_below_embedding<Embedding, Outer>, Layers...>,
        Layers...>();
}

}  // namespace detail

/// A stack that predicts the next token: an embedding, layers, and a head as the last layer.
///
/// ids [rows] → logits [rows][vocabulary]. Derive a named struct from it to keep symbols and errors short.
template <class Embedding, class... Layers>
struct decoder_only : embedded_layers<Embedding, sequential<Layers...>, Layers...> {
  static constexpr bool decodes = true;
  /// The shape of the logits, or the first mismatch. With examiners, also the first one that they find.
  template <class... Examiners>
  using examined =
      typename decltype(detail::checked_decoder<scope<declared<Examiners>...>, Embedding, Layers...>())::type;
  using output = examined<>;
};

}  // namespace typeformer
