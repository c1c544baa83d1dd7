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

// Strong names for the numbers of an architecture.
template <index N> struct vocabulary { static constexpr index value = N; };
template <index N> struct width { static constexpr index value = N; };
template <index N> struct heads { static constexpr index value = N; };
template <index N> struct key_value_heads { static constexpr index value = N; };
template <index N> struct head_width { static constexpr index value = N; };
template <index N> struct context { static constexpr index value = N; };
template <index N> struct batch { static constexpr index value = N; };
/// Tokens of earlier segments that attention still sees.
template <index N> struct memory_length { static constexpr index value = N; };
/// Tokens of the text that an encoder reads beside the decoder's.
template <index N> struct source { static constexpr index value = N; };
/// New tokens that one call takes for each sequence; a longer prompt runs in several calls.
template <index N> struct prompt { static constexpr index value = N; };
template <number E> struct epsilon { static constexpr double value = E.value; };
template <number T> struct theta { static constexpr double value = T.value; };
template <number S> struct score_scale { static constexpr double value = S.value; };

struct without_bias {};
/// Of an attention's four maps only the one back has a bias (GPT-Neo).
struct without_query_key_value_bias {};
struct with_bias {};
/// Scores are divided by the number of their layer, counted from 1 (`scale_attn_by_inverse_layer_idx` of Hugging Face's
/// GPT-2).
struct scores_over_layer_number {};

namespace detail {
template <template <index> class Name, class Option> struct names : std::false_type {};
template <template <index> class Name, index N> struct names<Name, Name<N>> : std::true_type {};
template <template <number> class Name, class Option> struct names_number : std::false_type {};
template <template <number> class Name, number N> struct names_number<Name, Name<N>> : std::true_type {};
}  // namespace detail

/// The value of option `Name` among `Options`, or `otherwise`.
template <template <index> class Name, class... Options> constexpr index option_or(index otherwise) {
  ((otherwise = [&] {
     if constexpr (detail::names<Name, Options>::value) return Options::value;
     else return otherwise;
   }()),
   ...);
  return otherwise;
}
template <template <number> class Name, class... Options> constexpr double number_option_or(double otherwise) {
  ((otherwise = [&] {
     if constexpr (detail::names_number<Name, Options>::value) return Options::value;
     else return otherwise;
   }()),
   ...);
  return otherwise;
}
template <class Option, class... Options>
inline constexpr bool has_option = (std::is_same_v<Option, Options> || ...);

}  // namespace typeformer
