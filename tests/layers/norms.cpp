// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>

using namespace typeformer;
using laws::check_verdict;
using laws::examine_layer;

TEST_CASE("obeys the laws: layer_norm") { check_verdict(examine_layer<layer_norm<>, 8>()); }
TEST_CASE("obeys the laws: layer_norm with another epsilon") {
  check_verdict(examine_layer<layer_norm<epsilon<0.1>>, 5>());
}
TEST_CASE("obeys the laws: layer_norm without bias") { check_verdict(examine_layer<layer_norm<without_bias>, 8>()); }
TEST_CASE("obeys the laws: norms that add 1 to their weights") {
  check_verdict(examine_layer<layer_norm<unit_offset>, 8>());
  check_verdict(examine_layer<layer_norm<unit_offset, without_bias>, 5>());
  check_verdict(examine_layer<rms_norm<unit_offset, epsilon<1e-3>>, 8>());
}
TEST_CASE("obeys the laws: norms without parameters") {
  check_verdict(examine_layer<layer_norm<without_weight>, 8>());
  check_verdict(examine_layer<rms_norm<without_weight>, 5>());
}
TEST_CASE("obeys the laws: rms_norm") { check_verdict(examine_layer<rms_norm<>, 8>()); }
