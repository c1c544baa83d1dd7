// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/layers/logits.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/objectives/objective.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer::detail {

/// The walk of an objective that compares each row of outputs with a row of `Targets`. The gradient of the outputs is
/// dense. `Operations` has `loss<Outputs>` and `gradient<Outputs>`.
template <class Operations, template <index_type> class Targets, class Walk, class Output>
constexpr auto walk_to_targets(Walk& c, Output output) {
  const auto y = computed_logits(c, output);
  using shape = typename decltype(y)::shape;
  const auto targets = c.template input<Targets<shape::width>>();
  const auto scale = c.template input<loss_scale_of<Targets<shape::width>>>();
  const auto found = c.template make<objective_findings<Walk>>();
  using findings = std::remove_const_t<decltype(found)>;
  if constexpr (Walk::use::what_for == purpose::train) {
    const auto dy = c.template make<shape>(y);
    c.run(typename Operations::template gradient<shape::width>{}, y, targets, scale, out(found), out(dy));
    return objective_result<findings, ref<shape>>{found, dy};
  } else {
    c.run(typename Operations::template loss<shape::width>{}, y, targets, scale, out(found));
    return objective_result<findings, nothing>{found, {}};
  }
}

}  // namespace typeformer::detail
