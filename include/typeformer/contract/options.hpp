// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// A number that a type can carry: `epsilon<1e-5>`.
struct number {
  double value = 0;
  constexpr number(double v) : value{v} {}
};

/// Single precision does not hold numbers beyond it.
inline constexpr double largest_number = 3e38;

// Strong names for the numbers of an architecture.
template <index_type N> struct vocabulary {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
template <index_type N> struct width {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
template <index_type N> struct context {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
template <index_type N> struct batch {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// Tokens of the source, which the encoder of an encoder-decoder reads.
template <index_type N> struct source {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// New tokens of each sequence in one call. A longer prompt is run in several calls.
template <index_type N> struct tokens {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
template <number E> struct epsilon {
  static constexpr double value = E.value;
  static constexpr bool in_range = value >= 0 && value < 1;
};
template <number T> struct theta {
  static constexpr double value = T.value;
  static constexpr bool in_range = value > 0 && value <= largest_number;
};
/// Kind of the options that say which projections have a bias.
struct bias_option;
struct without_bias {
  using option_kind = bias_option;
};
struct with_bias {
  using option_kind = bias_option;
};
namespace detail {
template <template <index_type> class Name> struct index_kind {};
template <template <index_type, index_type> class Name> struct index_pair_kind {};
template <template <index_type, index_type, index_type> class Name> struct index_triple_kind {};
template <template <number> class Name> struct number_kind {};
template <template <class> class Name> struct class_kind {};

template <class Option> struct template_kind {
  using type = Option;
};
template <template <index_type> class Name, index_type N> struct template_kind<Name<N>> {
  using type = index_kind<Name>;
};
template <template <index_type, index_type> class Name, index_type A, index_type B> struct template_kind<Name<A, B>> {
  using type = index_pair_kind<Name>;
};
template <template <index_type, index_type, index_type> class Name, index_type A, index_type B, index_type C>
struct template_kind<Name<A, B, C>> {
  using type = index_triple_kind<Name>;
};
template <template <number> class Name, number N> struct template_kind<Name<N>> {
  using type = number_kind<Name>;
};
template <template <class> class Name, class T> struct template_kind<Name<T>> {
  using type = class_kind<Name>;
};

template <class Option> constexpr auto kind_of_option() {
  if constexpr (requires { typename Option::option_kind; }) return std::type_identity<typename Option::option_kind>{};
  else return std::type_identity<typename template_kind<Option>::type>{};
}

template <class Kind> inline constexpr bool is_template_kind = false;
template <template <index_type> class Name> inline constexpr bool is_template_kind<index_kind<Name>> = true;
template <template <index_type, index_type> class Name>
inline constexpr bool is_template_kind<index_pair_kind<Name>> = true;
template <template <index_type, index_type, index_type> class Name>
inline constexpr bool is_template_kind<index_triple_kind<Name>> = true;
template <template <number> class Name> inline constexpr bool is_template_kind<number_kind<Name>> = true;
template <template <class> class Name> inline constexpr bool is_template_kind<class_kind<Name>> = true;
}  // namespace detail

/// The kind of an option. A list has at most one option of a kind. Options of one template are of one kind. Others have
/// the `option_kind` that they name, or a kind of their own.
template <class Option> using option_kind_of = typename decltype(detail::kind_of_option<Option>())::type;

namespace detail {
template <class Default, class... Options> struct chosen_option {
  using type = Default;
};
template <class Default, class Option, class... Rest>
struct chosen_option<Default, Option, Rest...>
    : std::conditional_t<std::is_same_v<option_kind_of<Default>, option_kind_of<Option>>, std::type_identity<Option>,
                         chosen_option<Default, Rest...>> {};
}  // namespace detail

/// The option among `Options` that is of the same kind as `Default`, or `Default`: `chosen<heads<1>,
/// Options...>::value`.
template <class Default, class... Options> using chosen = typename detail::chosen_option<Default, Options...>::type;

/// Whether an option of the same kind as `Example` is among `Options`.
template <class Example, class... Options>
inline constexpr bool gives_option = (std::is_same_v<option_kind_of<Example>, option_kind_of<Options>> || ...);

/// Whether `Option` itself is among `Options`.
template <class Option, class... Options> inline constexpr bool has_option = (std::is_same_v<Option, Options> || ...);

}  // namespace typeformer
