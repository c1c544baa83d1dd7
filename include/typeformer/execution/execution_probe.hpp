// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

#include <typeformer/contract/argument_view.hpp>
#include <typeformer/contract/walk_context.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/foundation/fixed_string.hpp>
#include <typeformer/foundation/type_name.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace detail {

template <class Argument> inline constexpr std::string_view argument_word = type_name<Argument>();
template <class Shape, class Element> inline constexpr std::string_view argument_word<ref<Shape, Element>> = "x";
template <class Shape, class Element>
inline constexpr std::string_view argument_word<state_ref<Shape, Element>> = "state";
template <class Ref> inline constexpr std::string_view argument_word<written<Ref>> = "out(y)";
template <class Shape, class Element>
inline constexpr std::string_view argument_word<written<state_ref<Shape, Element>>> = "out(state)";
template <class Ref> inline constexpr std::string_view argument_word<accumulated<Ref>> = "acc(y)";
template <class Ref> inline constexpr std::string_view argument_word<written_if_kept<Ref>> = "if_kept(y)";
template <class I, axis RowsAre> inline constexpr std::string_view argument_word<input_ref<I, RowsAre>> = "input";
template <> inline constexpr std::string_view argument_word<random_site> = "random_site";
template <> inline constexpr std::string_view argument_word<nothing> = "nothing";
template <index_type Rows, index_type Columns>
inline constexpr std::string_view argument_word<parameter<parameter_kind::matrix, Rows, Columns>> = "matrix";
template <index_type Rows, index_type Columns>
inline constexpr std::string_view argument_word<parameter<parameter_kind::table, Rows, Columns>> = "table";
template <index_type Rows, index_type Columns>
inline constexpr std::string_view argument_word<parameter<parameter_kind::vector, Rows, Columns>> = "vector";
template <class Parameter> inline constexpr std::string_view argument_word<gradient<Parameter>> = "gradient";

/// Calls `put(text)` for the pieces of `operation(x, matrix, out(y))`.
template <class Operation, class... Arguments, class Put> constexpr void spell_call(Put put) {
  put(type_name<Operation>());
  put("(");
  [[maybe_unused]] bool first = true;
  ((put(first ? "" : ", "), first = false, put(argument_word<Arguments>)), ...);
  put(")");
}

template <class Operation, class... Arguments>
inline constexpr auto spelled_call = [] {
  constexpr std::size_t size = [] {
    std::size_t n = 0;
    spell_call<Operation, Arguments...>([&](std::string_view text) { n += text.size(); });
    return n;
  }();
  fixed_string<size> all;
  std::size_t n = 0;
  spell_call<Operation, Arguments...>([&](std::string_view text) {
    for (const char c : text) all.characters[n++] = c;
  });
  return all;
}();

}  // namespace detail

/// A context that runs nothing and checks whether every operation of a walk has an `execute` that takes the views of
/// its arguments, as the executor would call it. For constant evaluation.
template <class Use, class Scalar, class Weights, Workers W> class execution_probe : public walk_archetype<Use> {
 public:
  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments...) {
    if constexpr (!std::is_same_v<Operation, delivery> && !executes<Operation, Arguments...>)
      if (missing_.empty()) missing_ = detail::spelled_call<Operation, Arguments...>.view();
  }

  /// The first operation without `execute`, with the names of its arguments; empty if every operation has it.
  constexpr std::string_view missing() const { return missing_; }

 private:
  template <class Operation, class... Arguments>
  static constexpr bool executes = requires(Operation operation, const call<W>& c) {
    execute(operation, c, std::declval<argument_view<Arguments, Scalar, Weights>>()...);
  };

  std::string_view missing_{};
};

}  // namespace typeformer
