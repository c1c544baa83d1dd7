// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <vector>

#include <typeformer/contract/weights_view.hpp>
#include <typeformer/laws/ragged_batch.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/memory/planned.hpp>

namespace typeformer::laws {

/// `Use` with other rules of the planner.
template <class Use, planning_rules Rules>
using with_rules = walk_use<Use::what_for, Use::reserved, Use::observes, Rules>;

/// Law: reusing the memory of one tensor for another changes no bit, neither of the output nor of the gradients.
template <class Walk, class Use> bool merging_changes_nothing(const token_batch& batch) {
  walk_runner<Walk, Use, double> merged;
  walk_runner<Walk, Use, double> apart{planned<Walk, with_rules<Use, planning_rules{.merge_in_place = false}>>::value};
  const std::vector<double> weights = random_values<double>(planned<Walk, Use>::value.parameters);
  const canonical_weights_view<double> view{weights.data()};
  return merged.values(view, batch) == apart.values(view, batch) && merged.gradients == apart.gradients;
}

}  // namespace typeformer::laws
