// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

namespace typeformer {

struct nothing {};

/// Keys of what the library's layers pass down. Your own entries have keys of their own.
namespace passes {
struct token_table;     ///< the table of the token embedding, for a tied head
struct rotary;          ///< the angles by which attention rotates queries and keys
struct position_bias;   ///< what attention adds to its scores
struct encoder_states;  ///< what cross-attention reads
struct recurrence;      ///< present if attention sees tokens of earlier segments
struct distances;       ///< the vectors of distances, from which attention makes further keys and queries
}  // namespace passes

/// An entry of a scope as shape inference sees it: what is passed down, without its value.
template <class Entry> struct declared {
  using entry = Entry;
};

/// An entry of a scope as a walk sees it.
template <class Entry, class Value> struct passed {
  using entry = Entry;
  [[no_unique_address]] Value value{};
};

/// What layers pass down to the layers after them: an open list of entries, one per key.
///
/// A layer declares its entry once, `template <class In> using passes_down = Entry`, and its trace holds the value as
/// `passed`; inference and walk both build the scope below the layer from that declaration. An entry is a type with
///
/// - `key`: what the layers below look it up by (`entry_for<key, Scope>`, `value_for<key>(scope)`);
/// - `value<Use>`: the type of its value in a walk for that use, made of references and parameters;
/// - whatever else the layers below must know at compile time, such as heads or a width.
template <class... Entries> struct scope : Entries... {};

namespace detail {

template <class Key, class Scope> struct found_entry;
template <class Key> struct found_entry<Key, scope<>> {
  using type = nothing;
};
template <class Key, class First, class... Rest>
struct found_entry<Key, scope<First, Rest...>>
    : std::conditional_t<std::is_same_v<Key, typename First::entry::key>, std::type_identity<First>,
                         found_entry<Key, scope<Rest...>>> {};

template <class Found> struct entry_in {
  using type = typename Found::entry;
};
template <> struct entry_in<nothing> {
  using type = nothing;
};

template <class Layer, class In> constexpr auto entry_of_layer() {
  if constexpr (requires { typename Layer::template passes_down<In>; })
    return std::type_identity<typename Layer::template passes_down<In>>{};
  else return std::type_identity<nothing>{};
}

}  // namespace detail

/// The entry with this key in a scope, or `nothing`.
template <class Key, class Scope>
using entry_for = typename detail::entry_in<typename detail::found_entry<Key, Scope>::type>::type;

/// Whether a scope has an entry with this key.
template <class Key, class Scope>
inline constexpr bool has_entry = !std::is_same_v<typename detail::found_entry<Key, Scope>::type, nothing>;

/// The value that was passed down under this key. Precondition: there is one, else it does not compile.
template <class Key, class Scope> constexpr auto value_for(const Scope& s) {
  return static_cast<const typename detail::found_entry<Key, Scope>::type&>(s).value;
}

/// The entry that a layer passes down to the layers after it for an input of this shape, or `nothing`.
template <class Layer, class In> using passed_entry = typename decltype(detail::entry_of_layer<Layer, In>())::type;

namespace detail {
template <class Scope, class Entry> struct scope_plus;
template <class... Entries, class Entry> struct scope_plus<scope<Entries...>, Entry> {
  using type = scope<Entries..., declared<Entry>>;
};
template <class... Entries> struct scope_plus<scope<Entries...>, nothing> {
  using type = scope<Entries...>;
};
}  // namespace detail

/// A scope of inference with one more entry. `nothing` adds none.
template <class Scope, class Entry> using scope_with = typename detail::scope_plus<Scope, Entry>::type;

/// The scope of a walk for `Use`, with one more entry.
template <class Entry, class Use, class... Entries>
constexpr auto pass_down([[maybe_unused]] scope<Entries...> s, typename Entry::template value<Use> value) {
  using last = passed<Entry, typename Entry::template value<Use>>;
  return scope<Entries..., last>{static_cast<const Entries&>(s)..., last{value}};
}

}  // namespace typeformer
