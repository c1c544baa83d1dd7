// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/spelled_leaf.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace error {
/// A layer reads an input that no call of this use has: labels in a session, ids where the model reads features, an
/// input of your own of a source outside training. Its operations would get null.
template <fixed_string Input, class Use, class Model> struct nobody_gives_this_input : mismatch {};
}  // namespace error

namespace detail {

/// What gives an input.
enum class giver { session, forward_pass, batch };

/// Whether calls for a model have an input: the library's by what the model's first layers read.
template <class M> constexpr bool has_input(const planned_input& input, giver by) {
  const std::string_view name = input.name;
  const bool of_source = input.rows_are == axis::source;
  if (input.own) return by == giver::batch || !of_source;
  if (name == token_ids::name) return of_source ? source_channels<M> == 0 : !reads_real_values<M>;
  if (name == token_features<1>::name) return of_source ? source_channels<M> > 0 : reads_features<M>;
  if (name == sequence_images<1, 1, 1>::name) return by != giver::session && reads_images<M>;
  return by == giver::batch || name == token_positions::name || name == token_segments::name;
}

/// The first input that no call of a use has, or -1.
template <class Use, class M> constexpr int first_input_not_given() {
  if constexpr (requires { Use::template gives<M>(planned_input{}); }) {
    const auto& plan = solved<typename Use::template walk<M>, typename Use::template use<M>>;
    for (int i = 0; i < plan.input_count; ++i)
      if (!Use::template gives<M>(plan.inputs[std::size_t(i)])) return i;
  }
  return -1;
}

template <class Use, class M, int Input> constexpr auto name_of_planned_input() {
  return text_of([] {
    return solved<typename Use::template walk<M>, typename Use::template use<M>>.inputs[std::size_t(Input)].name;
  });
}

/// `nothing`, or the mismatch that names the input. Precondition: the walk can be planned.
template <class Use, class M> constexpr auto checked_inputs() {
  if constexpr (constexpr int input = first_input_not_given<Use, M>(); input >= 0)
    return error::nobody_gives_this_input<name_of_planned_input<Use, M, input>(), Use, M>{};
  else return nothing{};
}

}  // namespace detail

}  // namespace typeformer
