// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/expected_gradients.hpp>
#include <typeformer/composition/residual.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/multiplied.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: multiplied") {
  check_verdict(examine_layer<multiplied<-0.75>, 6>());
  check_verdict(examine_layer<multiplied<1.0>, 6>());
  check_verdict(examine_layer<residual<linear<6>, multiplied<0.22>>, 6>());
}
TEST_CASE("agrees with numpy: multiplied") {
  // The weighted sum of the input's 48 numbers, and the squares of the weights.
  constexpr double sum = -1.7454207006775833, squares = 18.592592592592595;
  laws::check_expected<multiplied<0.22>, 6>(0.22 * sum, {{"input", 1, -0.22, 0, 0.22 * 0.22 * squares}});
}
