// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>

#include <laws/planner_mutants.hpp>
#include <typeformer/laws/examine_layer.hpp>

#include <composition/memory_toy.hpp>

namespace typeformer::toys {
namespace {
/// The memory is the widest buffer, and it is read in the middle of each iteration.
using wide_memory = with_memory<linear<18>, repeat<3, residual<linear<18>, modulated_by_memory, linear<6>>>>;
}  // namespace

TEST_CASE("finds a plan in which the memory dies within the first iteration, also in training") {
  using probed = laws::probe<wide_memory, 6>;
  CHECK(laws::watch_memory<probed::training, laws::law_training>().errors() == 0);
  CHECK(laws::watch_mutants<probed::training, laws::law_training>().short_lived_outer_buffers > 0);
  CHECK(laws::watch_mutants<probed::inference, laws::law_evaluation>().short_lived_outer_buffers > 0);
}

}  // namespace typeformer::toys
