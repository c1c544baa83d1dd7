// SPDX-License-Identifier: BSL-1.0
// A model with a layer from outside the library obeys the laws.
#include "../layer_scale.hpp"

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

namespace tf = typeformer;

namespace {

/// In the branch of a residual inside a loop, where its input is still needed.
struct scaled_model
    : tf::laws::small_stack<
          tf::repeat<2, tf::residual<tf::named<"norm", tf::layer_norm<>>, tf::named<"map", tf::linear<8>>,
                                     tf::named<"scale", mine::layer_scale>>>> {};

}  // namespace

TEST_CASE("a model with a layer of one's own obeys the laws", "[laws]") {
  tf::laws::check_verdict(tf::laws::examine_model<scaled_model>(),
                          {.evaluation = 30});  // logits do not reuse the place of their input
}
