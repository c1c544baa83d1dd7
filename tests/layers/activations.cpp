// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/gated_activation.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("activation obeys the laws for smooth functions") {
  check_verdict(examine_layer<activation<gelu_tanh>, 6>());
  check_verdict(examine_layer<activation<gelu_erf>, 6>());
  check_verdict(examine_layer<activation<silu>, 6>());
}
TEST_CASE("gated_activation obeys the laws") { check_verdict(examine_layer<gated_activation<silu>, 10>()); }
