// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/sequential.hpp>
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

template <class Embedding, class Head, class In> struct inferred_logits {
  using type = typename Head::template infer_logits<Embedding, In>;
};
template <class Embedding, class Head, std::derived_from<mismatch> In> struct inferred_logits<Embedding, Head, In> {
  using type = In;
};

template <class Embedding, class In, class Layer, class... Rest> struct inferred_decoder {
  using type = typename inferred_decoder<Embedding, typeformer::infer<Layer, In>, Rest...>::type;
};
template <class Embedding, class In, class Head> struct inferred_decoder<Embedding, In, Head> {
  using type = typename inferred_logits<Embedding, Head, In>::type;
};

}  // namespace detail

/// A stack that predicts the next token: an embedding, layers, and a head as the last.
///
/// ids [rows] → logits [rows][vocabulary]. Derive a named struct from it to keep symbols and errors short.
template <class Embedding, class... Layers> struct decoder_only {
  using embedding = Embedding;
  using body = sequential<Layers...>;
  static constexpr index vocabulary = Embedding::vocabulary;
  static constexpr index context = detail::context_of<Layers...>();
  /// The shape of the logits, or the first mismatch.
  using result = typename detail::inferred_decoder<Embedding, typename Embedding::shape, Layers...>::type;

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
