// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/laws/in_place_law.hpp>
#include <typeformer/laws/shadow_memory.hpp>

namespace typeformer::laws {

/// Shadow errors of plans that each break one rule of the planner. They show that the law finds errors.
struct mutant_errors {
  std::int64_t short_lived_outer_buffers = 0, forgotten_slots = 0, overlapping = 0;
};
template <class Walk, class Use> mutant_errors watch_mutants() {
  return {watch_memory<Walk, with_rules<Use, planning_rules{.outer_buffers_live_through_loops = false}>>().errors(),
          watch_memory<Walk, with_rules<Use, planning_rules{.later_visits_keep_slots = false}>>().errors(),
          watch_memory<Walk, with_rules<Use, planning_rules{.separate_what_lives_at_once = false}>>().errors()};
}

}  // namespace typeformer::laws
