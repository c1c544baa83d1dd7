// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/activations/activations.hpp>
#include <typeformer/layers/activation.hpp>
#include <typeformer/layers/gated_activation.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: activation with smooth functions") {
  check_verdict(examine_layer<activation<gelu_tanh>, 6>());
  check_verdict(examine_layer<activation<gelu_erf>, 6>());
  check_verdict(examine_layer<activation<silu>, 6>());
}
TEST_CASE("obeys the laws: gated_activation") { check_verdict(examine_layer<gated_activation<silu>, 10>()); }
