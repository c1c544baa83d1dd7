// SPDX-License-Identifier: BSL-1.0
// A layer from outside the library obeys its laws.
#include "../layer_scale.hpp"

#include <laws/check_verdict.hpp>

TEST_CASE("a layer of one's own obeys the laws", "[laws]") {
  typeformer::laws::check_verdict(typeformer::laws::examine_layer<mine::layer_scale, 6>());
}
