// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

namespace typeformer::laws {

/// The findings of a shadow memory.
struct shadow_report {
  std::int64_t stale_reads = 0;  ///< of a cell that was never written, or overwritten since
  std::int64_t outside = 0;      ///< writes outside the arena, or to a tensor that has no memory
  std::int64_t clashes = 0;  ///< an operation writes over what it reads or writes, although the walk did not allow it
  std::int64_t shared_state = 0;  ///< cells of the state that belong to two
  bool same_counts = false;       ///< the walk requested as many buffers, states and parameters as the plan has
  std::int64_t reads = 0, writes = 0;
  int unplanned_inputs = 0;  ///< inputs that an operation reads and that are not in the plan
  int random_sites = 0;      ///< number of places where the walk drops elements

  std::int64_t errors() const {
    return stale_reads + outside + clashes + shared_state + unplanned_inputs + !same_counts;
  }
};

}  // namespace typeformer::laws
