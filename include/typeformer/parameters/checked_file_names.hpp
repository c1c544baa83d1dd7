// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string_view>

#include <typeformer/contract/model.hpp>
#include <typeformer/parameters/beginnings.hpp>
#include <typeformer/parameters/name_fault.hpp>
#include <typeformer/parameters/name_rule_check.hpp>

namespace typeformer {

/// The names of a model's tensors in files: by its `huggingface` rules, or the canonical names. Every rule is for names:
/// one for their beginnings is given as one for each of them.
template <class M> constexpr file_names file_names_of() {
  if constexpr (!requires { M::huggingface; }) return {};
  else if constexpr (detail::has_rules_for_beginnings<M>()) {
    file_names names = M::huggingface;
    names.rules = detail::rules_for_names<M>.data();
    names.rule_count = int(detail::rules_for_names<M>.size());
    return names;
  } else return M::huggingface;
}

template <index_type N> struct held_rows {
  static constexpr index_type value = N;
};

template <index_type N> struct held_values {
  static constexpr index_type value = N;
};
template <index_type N> struct declared_values {
  static constexpr index_type value = N;
};

/// What is wrong with a model's file rules. `File` is the rule's name of a tensor, `Leaf` its name of a parameter.
namespace error {
template <fixed_string File, fixed_string Leaf, class Model>
struct name_rule_is_for_no_parameter_of_the_model : mismatch {};
/// Each `*` in the file's name must correspond to a `*` in the parameter's name.
template <fixed_string File, fixed_string Leaf, class Model> struct name_rule_has_more_stars_on_one_side : mismatch {};
/// Parameters that share a tensor must have the same width and be in the same blocks.
template <fixed_string File, fixed_string Leaf, class Model> struct parameters_of_one_tensor_differ : mismatch {};
template <fixed_string File, fixed_string Leaf, class Model>
struct name_rule_asks_for_rows_that_the_parameter_does_not_have : mismatch {};
/// A `#` in the file's name needs several `pieces`. Pieces without `#` alternate, which needs two parameters.
template <fixed_string File, class Model>
struct name_rule_has_pieces_without_number_or_number_without_pieces : mismatch {};
template <fixed_string Leaf, fixed_string File, fixed_string OtherFile, class Model>
struct two_name_rules_hold_the_same_rows : mismatch {};
template <fixed_string Leaf, class Held, class Declared, class Model> struct name_rules_leave_rows_out : mismatch {};
/// The shape that a rule gives to a tensor has another number of values than the parameters that the tensor holds.
template <fixed_string File, class Held, class Declared, class Model>
struct shape_in_the_file_has_other_values_than_the_parameter : mismatch {};
template <fixed_string File, fixed_string Other, class Model> struct two_parameters_have_the_same_tensor : mismatch {};
template <fixed_string Leaf, class Model> struct table_that_is_stored_again_is_no_tensor_of_the_model : mismatch {};
template <class Model> struct model_has_too_many_name_rules : mismatch {};
}  // namespace error

namespace detail {

template <class M>
inline constexpr name_fault name_fault_of = [] {
  using plan = parameter_plan<M>;
  return name_rule_check<plan::value.leaf_count, file_names_of<M>().rule_count, decltype(leaf_names<M>)>{
      plan::value.leaves.data(), leaf_names<M>, file_names_of<M>()}
      .run();
}();

template <class M, int Rule> constexpr auto file_of_rule() {
  return text_of([] {
    const char* const file = file_names_of<M>().rules[Rule].file;
    return file ? file : "(no tensor)";
  });
}
template <class M, int Rule, int Part> constexpr auto leaf_of_rule() {
  return text_of([] { return file_names_of<M>().rules[Rule].leaves[std::size_t(Part)]; });
}

template <class M> constexpr auto verdict_on_file_names() {
  constexpr const name_fault& f = name_fault_of<M>;
  if constexpr (f.what == name_problem::none) return nothing{};
  else if constexpr (f.what == name_problem::too_many) return error::model_has_too_many_name_rules<M>{};
  else if constexpr (f.what == name_problem::no_such_table)
    return error::table_that_is_stored_again_is_no_tensor_of_the_model<
        text_of([] { return M::huggingface.copy_of_the_table[1]; }), M>{};
  else {
    constexpr auto file = file_of_rule<M, f.rule>();
    constexpr auto leaf = leaf_of_rule<M, f.rule, f.part>();
    constexpr auto named = [] { return parameter_plan<M>::value.leaves[std::size_t(name_fault_of<M>.leaf)]; };
    if constexpr (f.what == name_problem::no_such_leaf)
      return error::name_rule_is_for_no_parameter_of_the_model<file, leaf, M>{};
    else if constexpr (f.what == name_problem::other_numbers)
      return error::name_rule_has_more_stars_on_one_side<file, leaf, M>{};
    else if constexpr (f.what == name_problem::unlike_leaves)
      return error::parameters_of_one_tensor_differ<file, leaf, M>{};
    else if constexpr (f.what == name_problem::no_such_rows)
      return error::name_rule_asks_for_rows_that_the_parameter_does_not_have<file, leaf, M>{};
    else if constexpr (f.what == name_problem::useless_pieces)
      return error::name_rule_has_pieces_without_number_or_number_without_pieces<file, M>{};
    else if constexpr (f.what == name_problem::rows_held_twice)
      return error::two_name_rules_hold_the_same_rows<spelled(named), file_of_rule<M, f.other>(), file, M>{};
    else if constexpr (f.what == name_problem::other_shape)
      return error::shape_in_the_file_has_other_values_than_the_parameter<file, held_values<f.got>,
                                                                          declared_values<f.expected>, M>{};
    else if constexpr (f.what == name_problem::rows_left_out)
      return error::name_rules_leave_rows_out<spelled(named), held_rows<f.got>, declared_rows<f.expected>, M>{};
    else if constexpr (f.other >= 0)
      return error::two_parameters_have_the_same_tensor<file_of_rule<M, f.other>(), file, M>{};
    else return error::two_parameters_have_the_same_tensor<spelled(named), file, M>{};
  }
}

template <class M> constexpr auto checked_file_names() {
  if constexpr (!fits_together<typeformer::checked_model<M>>) return typeformer::checked_model<M>{};
  else if constexpr (requires { M::huggingface; }) return verdict_on_file_names<M>();
  else return nothing{};
}

}  // namespace detail

/// Nothing, or the mismatch of the model or of its file rules.
template <class M> using checked_file_names = decltype(detail::checked_file_names<M>());

/// A model whose parameters can be found in files: each is held once by the model's rules, or has its own name.
template <class M>
concept NamedInFiles = fits_together<checked_file_names<M>>;

}  // namespace typeformer
