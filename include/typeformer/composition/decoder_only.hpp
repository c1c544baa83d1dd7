// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

namespace detail {

/// The context capacity that a layer among `Layers` declares.
template <class... Layers> constexpr index context_of() {
  index found = 0;
  ((found = [&] {
     if constexpr (requires { index(Layers::context); }) return index(Layers::context);
     else return found;
   }()),
   ...);
  return found;
}

/// The vocabulary of the embedding; 0 where there is none, which the inference reports.
template <class Embedding> constexpr index vocabulary_of() {
  if constexpr (requires { index(Embedding::vocabulary); }) return index(Embedding::vocabulary);
  else return 0;
}

template <class Embedding, class Head, class In> constexpr auto inferred_logits() {
  if constexpr (std::derived_from<In, mismatch>) return std::type_identity<In>{};
  else if constexpr (requires { typename Head::template infer_logits<Embedding, In>; })
    return std::type_identity<typename Head::template infer_logits<Embedding, In>>{};
  else return std::type_identity<error::last_layer_is_no_head<Head>>{};
}

template <class Embedding, class In, class Scope, class... Layers> struct inferred_decoder {
  using type = error::last_layer_is_no_head<Embedding>;
};
template <class Embedding, class In, class Scope, class Layer, class... Rest>
struct inferred_decoder<Embedding, In, Scope, Layer, Rest...>
    : inferred_decoder<Embedding, typeformer::infer<Layer, In, Scope>, typeformer::scope_below<Layer, Scope>, Rest...> {};
template <class Embedding, class In, class Scope, class Head> struct inferred_decoder<Embedding, In, Scope, Head> {
  using type = typename decltype(inferred_logits<Embedding, Head, In>())::type;
};

template <class Embedding, class... Layers> constexpr auto checked_decoder() {
  if constexpr (!requires { typename Embedding::shape; index(Embedding::vocabulary); })
    return std::type_identity<error::first_layer_is_no_embedding<Embedding>>{};
  else {
    using logits = typename inferred_decoder<Embedding, typename Embedding::shape, scope<>, Layers...>::type;
    if constexpr (Shape<logits> && context_of<Layers...>() <= 0)
      return std::type_identity<error::positions_are_missing_after_the_embedding<Embedding>>{};
    else return std::type_identity<logits>{};
  }
}

}  // namespace detail

/// A stack that predicts the next token: an embedding, layers, and a head as the last.
///
/// ids [rows] → logits [rows][vocabulary]. Derive a named struct from it to keep symbols and errors short.
template <class Embedding, class... Layers> struct decoder_only {
  using embedding = Embedding;
  using body = sequential<Layers...>;
  static constexpr index vocabulary = detail::vocabulary_of<Embedding>();
  static constexpr index context = detail::context_of<Layers...>();
  /// The shape of the logits, or the first mismatch.
  using result = typename decltype(detail::checked_decoder<Embedding, Layers...>())::type;

  template <class Logits, class Tokens, class Body> struct trace_of {
    Logits y;
    Tokens tokens;
    Body body;
  };

  template <class Context> static constexpr auto walk(Context& c) {
    auto tokens = Embedding::walk(c, scope<>{});
    auto b = body::walk(c, tokens.y, tokens.scope);
    return trace_of<decltype(b.y), decltype(tokens), decltype(b)>{b.y, tokens, b};
  }
  template <class Context, class Trace, class DY> static constexpr void walk_back(Context& c, Trace t, DY dlogits) {
    Embedding::walk_back(c, t.tokens, body::walk_back(c, t.body, dlogits, t.tokens.scope));
  }
};

}  // namespace typeformer
