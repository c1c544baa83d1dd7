// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>
#include <utility>

#include <typeformer/contract/declared_limits.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/shape_inference.hpp>

namespace typeformer {

namespace detail {

template <class Embedding, class Head, class In, class Scope> constexpr auto declared_logits() {
  if constexpr (requires { typename Head::template infer_logits<Embedding, In, Scope>; })
    return std::type_identity<typename Head::template infer_logits<Embedding, In, Scope>>{};
  else if constexpr (requires { typename Head::template infer_logits<Embedding, In>; })
    return std::type_identity<typename Head::template infer_logits<Embedding, In>>{};
  else return std::type_identity<error::last_layer_is_no_head<Head>>{};
}

template <class Embedding, class Head, class In, class Scope> constexpr auto inferred_logits() {
  if constexpr (!Shape<In>) return std::type_identity<In>{};
  else if constexpr (constexpr auto options = checked_options_of<Head>(); !Shape<typename decltype(options)::type>)
    return options;
  else if constexpr (constexpr auto out = declared_logits<Embedding, Head, In, Scope>();
                     !Shape<typename decltype(out)::type>)
    return out;
  else if constexpr (requires { requires decltype(out)::type::width == 0; })
    return std::type_identity<error::head_needs_a_vocabulary<Head, Embedding>>{};
  else return checked_head<Head, In, Scope, typename decltype(out)::type>();
}

template <class Embedding, class In, class Scope, class... Layers> struct inferred_with_head {
  using type = error::last_layer_is_no_head<Embedding>;
};
template <class Embedding, class In, class Scope, class Layer, class... Rest>
struct inferred_with_head<Embedding, In, Scope, Layer, Rest...>
    : inferred_with_head<Embedding, typeformer::infer<Layer, In, Scope>, typeformer::scope_below<Layer, In, Scope>,
                         Rest...> {};
template <class Embedding, class In, class Scope, class Head> struct inferred_with_head<Embedding, In, Scope, Head> {
  using type = typename decltype(inferred_logits<Embedding, Head, In, Scope>())::type;
};

}  // namespace detail

/// The shape of the logits of layers that end in a head, or the first mismatch.
template <class Embedding, class In, class Scope, class... Layers>
using infer_with_head = typename detail::inferred_with_head<Embedding, In, Scope, Layers...>::type;

namespace detail {
template <class Embedding> constexpr auto table_entry_of() {
  if constexpr (requires { typename Embedding::table_entry; })
    return std::type_identity<typename Embedding::table_entry>{};
  else return std::type_identity<nothing>{};
}
}  // namespace detail

/// The scope of the layers after an embedding: what is passed down to the embedding and, if it has one, its table.
template <class Embedding, class Outer = scope<>>
using scope_below_embedding = scope_with<Outer, typename decltype(detail::table_entry_of<Embedding>())::type>;

namespace detail {

/// Nothing, or the mismatch that keeps a type from being the first layer of a stack.
template <class Embedding> constexpr auto checked_embedding() {
  if constexpr (!requires {
                  typename Embedding::shape;
                  index_type(Embedding::vocabulary);
                })
    return std::type_identity<error::first_layer_is_no_embedding<Embedding>>{};
  else if constexpr (constexpr auto options = checked_options_of<Embedding>(); !Shape<typename decltype(options)::type>)
    return options;
  else if constexpr (constexpr auto trace = checked_trace<Embedding, typename Embedding::shape, scope<>>();
                     !Shape<typename decltype(trace)::type>)
    return trace;
  else if constexpr (!requires(trace_for<Embedding, scope<>> t) { t.scope; })
    return std::type_identity<error::trace_has_no_y<Embedding>>{};
  else return std::type_identity<nothing>{};
}

/// The first layer that counts positions from the beginning of a text. With a memory of segments a text has no
/// beginning.
template <class... Layers> struct counts_from_the_beginning {
  using type = nothing;
};
template <class Layer, class... Rest>
struct counts_from_the_beginning<Layer, Rest...> : counts_from_the_beginning<Rest...> {};
template <class Layer, class... Rest>
  requires(limits_of_layers<Layer>.context > 0 && limits_of_layers<Layer>.memory_length == 0)
struct counts_from_the_beginning<Layer, Rest...> {
  using type = Layer;
};

template <class Embedding> constexpr index_type vocabulary_of() {
  if constexpr (requires { index_type(Embedding::vocabulary); }) return index_type(Embedding::vocabulary);
  else return 0;
}

/// Rows of each sequence that an embedding makes; 0: as many as it reads.
template <class Embedding> constexpr index_type rows_of_embedding() {
  if constexpr (requires { index_type(Embedding::rows_of_image); }) return index_type(Embedding::rows_of_image);
  else return 0;
}

template <class Embedding, class Inferred, class... Layers> constexpr auto checked_model() {
  if constexpr (Shape<Inferred> && limits_of_layers<Layers...>.context <= 0)
    return std::type_identity<error::positions_are_missing_after_the_embedding<Embedding>>{};
  else if constexpr (Shape<Inferred> && limits_of_layers<Layers...>.memory_length > 0 &&
                     !std::is_same_v<typename counts_from_the_beginning<Layers...>::type, nothing>)
    return std::type_identity<
        error::layer_knows_nothing_of_earlier_segments<typename counts_from_the_beginning<Layers...>::type>>{};
  else if constexpr (Shape<Inferred> && (rows_of_embedding<Embedding>() > limits_of_layers<Layers...>.context))
    return std::type_identity<error::image_has_more_patches_than_the_context<
        context<limits_of_layers<Layers...>.context>, context<rows_of_embedding<Embedding>()>, Embedding>>{};
  else return std::type_identity<Inferred>{};
}

}  // namespace detail

/// An embedding and the layers after it, walked in sequence. An architecture adds which output it delivers.
///
/// ids [rows], or features or images → y. Derive a named struct from an architecture to keep symbols and errors short.
template <class Embedding, class Body, class... Layers> struct embedded_layers {
  using embedding = Embedding;
  using body = Body;
  static constexpr index_type vocabulary = detail::vocabulary_of<Embedding>();
  static constexpr index_type context = limits_of_layers<Layers...>.context,
                              memory_length = limits_of_layers<Layers...>.memory_length;
  static constexpr bool positions_move = limits_of_layers<Layers...>.positions_move;

  template <class Y, class Tokens, class Trace> struct trace_of {
    Y y;
    Tokens tokens;
    Trace body;
  };

  template <class Walk> static constexpr auto walk(Walk& c) {
    auto tokens = Embedding::walk(c, scope<>{});
    c.observe(observation::embedding, tokens.y);
    auto b = body::walk(c, tokens.y, tokens.scope);
    return trace_of<decltype(b.y), decltype(tokens), decltype(b)>{b.y, tokens, b};
  }
  template <class Walk, class Trace, class DY> static constexpr void walk_back(Walk& c, Trace t, DY dy) {
    const auto dx = body::walk_back(c, t.body, dy, t.tokens.scope);
    c.observe(observation::embedding_gradient, dx);
    Embedding::walk_back(c, t.tokens, dx);
  }
};

}  // namespace typeformer
