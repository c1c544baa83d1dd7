// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <typeformer/contract/examiners.hpp>
#include <typeformer/contract/faulty_calls.hpp>
#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/spelled_leaf.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/memory/planner.hpp>

namespace typeformer {

template <index_type N> struct given_rows {
  static constexpr index_type value = N;
};
template <index_type N> struct declared_rows {
  static constexpr index_type value = N;
};
template <index_type N> struct most {
  static constexpr index_type value = N;
};

/// What a walk must not do. `Name` and `Where` are the path of the parameter or layer, with `*` for a block's number.
namespace error {
/// The named rows are fewer or more than the rows of the parameter, so that they would overlap another parameter or
/// leave a gap.
template <fixed_string Name, class Given, class Declared, class Model>
struct named_rows_do_not_add_up_to_the_parameter : mismatch {};
template <fixed_string Name, class Rows, class Columns, class Model>
struct parameter_needs_rows_and_columns : mismatch {};
template <fixed_string Where, class Model> struct parameter_has_no_name : mismatch {};
template <fixed_string Name, class Columns, class Model> struct parameter_of_kind_vector_has_columns : mismatch {};
/// A forward pass, and training without a memory of segments, have no state: check `Walk::use::caches` first.
template <fixed_string Where, class Model> struct state_in_a_walk_that_caches_nothing : mismatch {};
template <fixed_string Where, class Columns, class Model> struct buffer_or_state_has_a_negative_width : mismatch {};
template <fixed_string Where, class Model> struct buffer_of_a_loop_is_used_outside_it : mismatch {};
/// `c.enter(…)` without a `c.leave()` after it: the names of all later parameters would have this part.
template <class Layer> struct path_is_entered_and_not_left : mismatch {};
template <class Layer> struct path_is_left_and_not_entered : mismatch {};
template <fixed_string Where, class Model> struct loop_without_iterations : mismatch {};
template <fixed_string What, class Most, class Model> struct walk_needs_more_than_a_plan_holds : mismatch {};
/// Parameters would be at other places than those where other uses read them.
template <class Use, class Model> struct parameters_depend_on_the_use : mismatch {};
}  // namespace error

namespace detail {

template <class Walk, class Use> constexpr int record() {
  planner<Use> c;
  Walk::walk(c);
  return 0;
}
template <class Walk, class Use>
concept RecordedByTheCompiler = requires { typename std::integral_constant<int, record<Walk, Use>()>; };

/// Counts the depth of `enter` and `leave`.
template <class Use> struct path_counter : walk_archetype<Use> {
  int depth = 0, lowest = 0;
  constexpr void enter(const char*) { ++depth; }
  constexpr void enter(int) { ++depth; }
  constexpr void leave() { lowest = (std::min)(lowest, --depth); }
};

/// Examines a model whose walk cannot be recorded, to find the faulty layer.
template <class Use> struct walk_examiner {
  using key = passes::examiner;

  /// 0, or how many steps below the path at its beginning the walk of the layer goes or ends.
  template <class Layer, class In, class Scope, class Out> static constexpr int unbalanced() {
    path_counter<Use> c;
    const walk_scope<Use, Scope> below{};
    auto trace = Layer::walk(c, ref<In>{0}, below);
    if constexpr (Use::what_for == purpose::train) Layer::walk_back(c, trace, ref<Out>{0}, below);
    return c.lowest < 0 ? c.lowest : c.depth;
  }
  template <class Layer, class In, class Scope, class Out> static constexpr auto verdict() {
    if constexpr (requires { Layer::is_composition; }) return std::type_identity<Out>{};
    else if constexpr (!requires { typename std::integral_constant<int, unbalanced<Layer, In, Scope, Out>()>; })
      return std::type_identity<error::walk_is_no_constant_expression<Layer>>{};
    else if constexpr (constexpr int depth = unbalanced<Layer, In, Scope, Out>(); depth > 0)
      return std::type_identity<error::path_is_entered_and_not_left<Layer>>{};
    else if constexpr (depth < 0) return std::type_identity<error::path_is_left_and_not_entered<Layer>>{};
    else return std::type_identity<Out>{};
  }
  template <class Head, class In, class Scope, class Out> static constexpr auto verdict_of_head() {
    return std::type_identity<Out>{};
  }
};
/// The mismatch that an examiner finds in the walk of the first faulty layer, or else `OfModel`.
template <class M, class Examiner, class OfModel> constexpr auto blamed_layer() {
  using found = examined<M, Examiner>;
  if constexpr (!Shape<found>) return found{};
  else return OfModel{};
}

template <class M, class Use, walk_problem What, index_type Got, index_type Expected, class Get>
constexpr auto fault_of(Get where) {
  using problem = walk_problem;
  if constexpr (What == problem::parts_do_not_add_up)
    return error::named_rows_do_not_add_up_to_the_parameter<spelled(where), given_rows<Got>, declared_rows<Expected>,
                                                            M>{};
  else if constexpr (What == problem::parameter_without_rows)
    return error::parameter_needs_rows_and_columns<spelled(where), given_rows<Got>, width<Expected>, M>{};
  else if constexpr (What == problem::parameter_without_name) return error::parameter_has_no_name<spelled(where), M>{};
  else if constexpr (What == problem::vector_with_columns)
    return error::parameter_of_kind_vector_has_columns<spelled(where), width<Got>, M>{};
  else if constexpr (What == problem::state_without_memory)
    return error::state_in_a_walk_that_caches_nothing<spelled(where), M>{};
  else if constexpr (What == problem::negative_width)
    return error::buffer_or_state_has_a_negative_width<spelled(where), width<Got>, M>{};
  else if constexpr (What == problem::buffer_outside_its_loop)
    return error::buffer_of_a_loop_is_used_outside_it<spelled(where), M>{};
  else if constexpr (What == problem::enter_without_leave)
    return blamed_layer<M, walk_examiner<Use>, error::path_is_entered_and_not_left<M>>();
  else if constexpr (What == problem::leave_without_enter)
    return blamed_layer<M, walk_examiner<Use>, error::path_is_left_and_not_entered<M>>();
  else if constexpr (What == problem::type_is_no_input)
    return blamed_layer<M, call_examiner<Use, error::type_is_no_input_with_a_name>,
                        error::type_is_no_input_with_a_name<spelled(where), M>>();
  else if constexpr (What == problem::input_without_elements)
    return blamed_layer<M, call_examiner<Use, error::input_needs_columns_and_ids>,
                        error::input_needs_columns_and_ids<spelled(where), M>>();
  else if constexpr (What == problem::state_of_elements)
    return blamed_layer<M, call_examiner<Use, error::state_is_given_a_type_of_elements>,
                        error::state_is_given_a_type_of_elements<spelled(where), M>>();
  else if constexpr (What == problem::loop_without_iterations)
    return error::loop_without_iterations<spelled(where), M>{};
  else if constexpr (What == problem::too_many_buffers)
    return error::walk_needs_more_than_a_plan_holds<"buffers", most<Expected>, M>{};
  else if constexpr (What == problem::too_many_states)
    return error::walk_needs_more_than_a_plan_holds<"states", most<Expected>, M>{};
  else if constexpr (What == problem::too_many_parameters)
    return error::walk_needs_more_than_a_plan_holds<"parameters", most<Expected>, M>{};
  else if constexpr (What == problem::too_many_tensors)
    return error::walk_needs_more_than_a_plan_holds<"named tensors", most<Expected>, M>{};
  else if constexpr (What == problem::too_many_loops)
    return error::walk_needs_more_than_a_plan_holds<"loops", most<Expected>, M>{};
  else if constexpr (What == problem::too_many_inputs)
    return error::walk_needs_more_than_a_plan_holds<"inputs", most<Expected>, M>{};
  else if constexpr (What == problem::loops_too_deep)
    return error::walk_needs_more_than_a_plan_holds<"loops in each other", most<Expected>, M>{};
  else return error::walk_needs_more_than_a_plan_holds<"words in a name", most<Expected>, M>{};
}

template <class Walk, class Use, class M> constexpr auto walk_verdict_of_recorded() {
  constexpr walk_problem what = solved<Walk, Use>.fault.what;
  if constexpr (what == walk_problem::none) return nothing{};
  else
    return fault_of<M, Use, what, solved<Walk, Use>.fault.got, solved<Walk, Use>.fault.expected>(
        [] { return solved<Walk, Use>.fault.where; });
}

template <class Walk, class Use, class M> constexpr auto walk_verdict() {
  if constexpr (!RecordedByTheCompiler<Walk, Use>)
    return blamed_layer<M, walk_examiner<Use>, error::walk_is_no_constant_expression<M>>();
  else return walk_verdict_of_recorded<Walk, Use, M>();
}

/// Whether two walks have the same parameters at the same places.
constexpr bool same_parameters(const working_plan& a, const working_plan& b) {
  if (a.parameters != b.parameters || a.operand_count != b.operand_count || a.leaf_count != b.leaf_count) return false;
  for (int i = 0; i < a.operand_count; ++i)
    if (a.operands[std::size_t(i)].offset != b.operands[std::size_t(i)].offset) return false;
  for (int i = 0; i < a.leaf_count; ++i)
    if (a.leaves[std::size_t(i)].rows != b.leaves[std::size_t(i)].rows) return false;
  return true;
}

template <class Walk, class Use, class M> constexpr auto use_verdict() {
  using fault = decltype(walk_verdict<Walk, Use, M>());
  if constexpr (!fits_together<fault>) return fault{};
  else if constexpr (!same_parameters(solved<Walk, Use>, solved<forward_walk<M>, parameter_use>))
    return error::parameters_depend_on_the_use<Use, M>{};
  else return nothing{};
}

}  // namespace detail

/// Nothing, or the mismatch that says why the walk of a model cannot be planned.
template <class Walk, class Use, class M> using checked_walk = decltype(detail::walk_verdict<Walk, Use, M>());
/// The same, and whether its parameters are at the same places as those of the model.
template <class Walk, class Use, class M> using checked_walk_of_use = decltype(detail::use_verdict<Walk, Use, M>());

}  // namespace typeformer
