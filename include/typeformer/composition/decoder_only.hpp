// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/inferred_model.hpp>
#include <typeformer/composition/sequential.hpp>

namespace typeformer {

namespace detail {

template <class Embedding, class... Layers> constexpr auto checked_decoder() {
  if constexpr (!requires { typename Embedding::shape; index(Embedding::vocabulary); })
    return std::type_identity<error::first_layer_is_no_embedding<Embedding>>{};
  else
    return checked_model<Embedding, infer_with_head<Embedding, typename Embedding::shape, scope<>, Layers...>, Layers...>();
}

}  // namespace detail

/// A stack that predicts the next token: an embedding, layers, and a head as the last.
///
/// ids [rows] → logits [rows][vocabulary]. Derive a named struct from it to keep symbols and errors short.
template <class Embedding, class... Layers>
struct decoder_only : embedded_layers<Embedding, sequential<Layers...>, Layers...> {
  static constexpr bool decodes = true;
  /// The shape of the logits, or the first mismatch.
  using result = typename decltype(detail::checked_decoder<Embedding, Layers...>())::type;
};

}  // namespace typeformer
