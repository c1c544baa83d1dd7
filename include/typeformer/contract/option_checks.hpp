// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

namespace error {
/// The layer, use or class has no such option, or the type is not an option.
template <class Option, class Layer> struct option_is_unknown : mismatch {};
template <class Option, class Layer> struct option_is_repeated : mismatch {};
/// Both are options of the same kind, with different values.
template <class First, class Second, class Layer> struct options_contradict_one_another : mismatch {};
/// A count that is not positive, a rate outside [0, 1), or a scale that is not a number.
template <class Option, class Layer> struct option_is_out_of_range : mismatch {};
/// `check_options` takes the layer, then `known_options<…>`, then the options.
template <class Known, class Layer> struct options_are_checked_against_no_list : mismatch {};
/// A place of the layer's template takes another option than the given one, such as `context<N>`.
template <class Given, class Expected, class Layer> struct wrong_template_argument : mismatch {};
}  // namespace error

/// The options that a layer, a use or a class knows, each as an example: `heads<1>` means every `heads<N>`, and a kind
/// such as `attention_mask` means all of its members.
template <class... Examples> struct known_options {};

namespace detail {

template <class Example, class Option>
inline constexpr bool is_example_of =
    std::is_same_v<Example, Option> || std::is_same_v<Example, option_kind_of<Option>> ||
    (is_template_kind<option_kind_of<Example>> && std::is_same_v<option_kind_of<Example>, option_kind_of<Option>>);

template <class Option> constexpr bool in_range() {
  if constexpr (requires { bool(Option::in_range); }) return Option::in_range;
  else return true;
}

template <class Layer, class First> constexpr auto checked_against() { return std::type_identity<nothing>{}; }
template <class Layer, class First, class Second, class... Rest> constexpr auto checked_against() {
  if constexpr (std::is_same_v<First, Second>) return std::type_identity<error::option_is_repeated<First, Layer>>{};
  else if constexpr (std::is_same_v<option_kind_of<First>, option_kind_of<Second>>)
    return std::type_identity<error::options_contradict_one_another<First, Second, Layer>>{};
  else return checked_against<Layer, First, Rest...>();
}

template <class Known, class Option> inline constexpr bool knows_option = Known::template knows<Option>;
template <class Known> inline constexpr bool is_option_list = requires { Known::template knows<nothing>; };
template <class... Examples> inline constexpr bool is_option_list<known_options<Examples...>> = true;
template <class... Examples, class Option>
inline constexpr bool knows_option<known_options<Examples...>, Option> = (is_example_of<Examples, Option> || ...);

template <class Layer, class Known, class... Options> struct first_wrong_option {
  using type = nothing;
};
template <class Layer, class Known, class Option, class... Rest>
struct first_wrong_option<Layer, Known, Option, Rest...> {
  static constexpr auto find() {
    if constexpr (!is_option_list<Known>)
      return std::type_identity<error::options_are_checked_against_no_list<Known, Layer>>{};
    else if constexpr (!knows_option<Known, Option>)
      return std::type_identity<error::option_is_unknown<Option, Layer>>{};
    else if constexpr (!in_range<Option>()) return std::type_identity<error::option_is_out_of_range<Option, Layer>>{};
    else if constexpr (requires { requires !Shape<typename Option::checked_options>; })
      return std::type_identity<typename Option::checked_options>{};
    else if constexpr (constexpr auto clash = checked_against<Layer, Option, Rest...>();
                       !std::is_same_v<typename decltype(clash)::type, nothing>)
      return clash;
    else return std::type_identity<typename first_wrong_option<Layer, Known, Rest...>::type>{};
  }
  using type = typename decltype(find())::type;
};

}  // namespace detail

/// The expected option of a place of a layer's template, as an example, and the given one.
template <class Example, class Given> struct expects {};

namespace detail {
template <class Layer, class... Expected> struct first_wrong_argument {
  using type = nothing;
};
template <class Layer, class Example, class Given, class... Rest>
struct first_wrong_argument<Layer, expects<Example, Given>, Rest...> {
  static constexpr auto find() {
    if constexpr (!is_example_of<Example, Given>)
      return std::type_identity<error::wrong_template_argument<Given, Example, Layer>>{};
    else if constexpr (!in_range<Given>()) return std::type_identity<error::option_is_out_of_range<Given, Layer>>{};
    else return std::type_identity<typename first_wrong_argument<Layer, Rest...>::type>{};
  }
  using type = typename decltype(find())::type;
};
}  // namespace detail

/// `nothing`, or the first mismatch among the arguments of a layer whose places each take one kind of option.
template <class Layer, class... Expected>
using check_arguments = typename detail::first_wrong_argument<Layer, Expected...>::type;

/// The first of two verdicts that is a mismatch, or `nothing`.
template <class First, class Second> using both_checks = std::conditional_t<Shape<First>, Second, First>;

/// The value of an argument. If it is another option, the value of the example; `check_arguments` reports it.
template <class Example, class Given>
inline constexpr auto argument_value = std::conditional_t<detail::is_example_of<Example, Given>, Given, Example>::value;

/// `nothing`, or the first mismatch among the options: an option that is unknown, out of range or repeated, or that
/// contradicts another of its kind, or the `checked_options` of an option that takes options itself. A layer has it as
/// its own `checked_options`, and inference reports it at the model. `Known` is `known_options`, or a type with
/// `template <class Option> static constexpr bool knows`.
template <class Layer, class Known, class... Options>
using check_options = typename detail::first_wrong_option<Layer, Known, Options...>::type;

}  // namespace typeformer
