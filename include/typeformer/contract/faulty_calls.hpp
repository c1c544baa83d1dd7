// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/contract/probing_examiner.hpp>
#include <typeformer/contract/walk_context.hpp>
#include <typeformer/foundation/type_name.hpp>
#include <typeformer/shape/own_inputs.hpp>

namespace typeformer {

/// Calls of a context with a type that the context cannot use.
namespace error {
/// An input of your own is derived from `own_numbers<…>` or `own_ids<…>` and has `static constexpr const char* name`.
template <fixed_string Type, class Layer> struct type_is_no_input_with_a_name : mismatch {};
/// An input has at least one column for each token or sequence, and ids are those of a table with at least one row.
template <fixed_string Input, class Layer> struct input_needs_columns_and_ids : mismatch {};
/// A state has numbers of the scalar type: `c.template state<Shape, token_cache>()`; see `state_traits`.
template <fixed_string Type, class Layer> struct state_is_given_a_type_of_elements : mismatch {};
}  // namespace error

namespace detail {

/// Finds the type of the first such call, for an error message.
template <class Use> class call_probe : public walk_archetype<Use> {
 public:
  template <class Shape, state_traits Can = state_traits{}> constexpr state_ref_of<Use, Shape, Can> state() {
    return {0};
  }
  template <class Shape, class Element> constexpr state_ref_of<Use, Shape, state_traits{}> state() {
    return found(type_name<Element>()), state_ref_of<Use, Shape, state_traits{}>{0};
  }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() {
    if constexpr (!has_elements<I>) found(type_name<I>());
    return {};
  }
  template <NoInput I, axis...> constexpr nothing input() { return found(type_name<I>()), nothing{}; }

  constexpr std::string_view missing() const { return type_; }

 private:
  constexpr void found(std::string_view type) {
    if (type_.empty()) type_ = type;
  }

  std::string_view type_{};
};

template <class Use, template <fixed_string, class> class Error>
using call_examiner = probing_examiner<Use, call_probe<Use>, Error>;

}  // namespace detail

}  // namespace typeformer
