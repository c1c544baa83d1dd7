// SPDX-License-Identifier: BSL-1.0
// Attention to another sequence: the laws, and PyTorch 2.2 in float64; make_cross_attention_numbers.py prints the
// literals.
#include <laws/check_verdict.hpp>
#include <laws/expected_gradients.hpp>
#include <typeformer/layers/cross_attention.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

using full = cross_attention<heads<2>>;
using at_most_as_far = cross_attention<heads<2>, causal>;
using unlike_others =
    cross_attention<heads<4>, key_value_heads<2>, head_width<5>, score_scale<0.7>, causal, without_bias>;

}  // namespace

TEST_CASE("obeys the laws: cross_attention") { check_verdict(examine_source_layer<full, 8, 6>()); }
TEST_CASE("obeys the laws: causal cross_attention") { check_verdict(examine_source_layer<at_most_as_far, 8, 6>()); }
TEST_CASE("obeys the laws: causal cross_attention with grouped queries and its own scale") {
  check_verdict(examine_source_layer<unlike_others, 8, 6>());
}
TEST_CASE("obeys the laws: causal cross_attention with capped scores") {
  check_verdict(examine_source_layer<cross_attention<heads<2>, causal, soft_cap<1.5>>, 8, 8>());
}
TEST_CASE("obeys the laws: cross_attention with a bias only in its output projection") {
  using layer = cross_attention<heads<2>, without_query_key_value_bias>;
  check_verdict(examine_source_layer<layer, 8, 6>());
  constexpr auto plan =
      planned<source_probe<layer, 8, 6>::inference, walk_use<purpose::evaluate, capacities{2, 5, 0, 4}>>::value;
  std::vector<std::string> names;
  for_each_tensor({plan.leaves.data(), plan.leaf_count, plan.parameters},
                  [&](const parameter_tensor& tensor) { names.emplace_back(tensor.name().view()); });
  CHECK(names == std::vector<std::string>{"input", "source", "query.weight", "key.weight", "value.weight",
                                          "output.weight", "output.bias"});
}

// Some sources are shorter than their targets, some are longer.
TEST_CASE("agrees with PyTorch: cross_attention") {
  check_expected_walk<source_probe<full, 8, 6>::training, capacities{2, 5, 0, 4}>(
      -0.569496311733444, {{"input", 1, 0.0181926449935038, 0, 0.0301595432186905},
                           {"source", 1, -0.077406838497115, 0, 1.29206988332338},
                           {"query.weight", 1, -0.0168876362173813, 0.134728296609069, 1.27829060164851},
                           {"query.bias", 1, -0.000774027504585863, 0.0280420531031369, 0.0618892696138163},
                           {"key.weight", 2, -0.200348915314214, 0.0235924575149459, 2.42878703579334},
                           {"key.bias", 2, 1.38777878078145e-16, 0.555888743916026, 5.5060291921739},
                           {"output.weight", 1, 0.215103716423084, 0.60661496222792, 10.1727047584992},
                           {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
  check_expected_walk<source_probe<at_most_as_far, 8, 6>::training, capacities{2, 5, 0, 4}>(
      -0.0636812547249384, {{"input", 1, 0, 0, 0.0202936400106039},
                            {"source", 1, -0.32993152352288, 0, 2.45359879051825},
                            {"query.weight", 1, 0.0353976063687313, 0.0853949204430256, 0.903480228634156},
                            {"query.bias", 1, 0.0904258554675262, -0.0398515240985595, 0.424711219288346},
                            {"key.weight", 2, -0.185864789895209, 0.14839703728314, 4.85538409327794},
                            {"key.bias", 2, 1.17961196366423e-16, 0.555888743916025, 5.5060291921739},
                            {"output.weight", 1, 1.25702398686431, 0.466263800683713, 16.4505583797012},
                            {"output.bias", 1, -1.22222222222222, 1, 7.01234567901234}});
  check_expected_walk<source_probe<at_most_as_far, 8, 6>::training, capacities{2, 3, 0, 6}>(
      1.6309161912771, {{"input", 1, 0, 0, 0.0220711867805741},
                        {"source", 1, -0.345083570356496, 0, 0.60939721895233},
                        {"query.weight", 1, -0.0854441957752273, 0.00110693611180508, 0.260682444105553},
                        {"query.bias", 1, 0.185802947248263, 0.161620012852943, 0.208087511332207},
                        {"key.weight", 2, 0.136031764182994, -0.0540304412204938, 2.01241040194529},
                        {"key.bias", 2, 0, 0.498538408025603, 1.62885216142346},
                        {"output.weight", 1, -1.01304209785233, 0.332700074469315, 19.5048280748719},
                        {"output.bias", 1, -0.888888888888889, 0.222222222222222, 5.66666666666667}});
  check_expected_walk<source_probe<unlike_others, 8, 6>::training, capacities{2, 3, 0, 6}>(
      -1.65935637272496, {{"input", 1, 0, 0, 0.0356868444889187},
                          {"source", 1, -0.653088206829382, 0, 4.03030167173258},
                          {"query.weight", 1, -0.0453378343867153, 0.0141393242466411, 0.731372723821606},
                          {"key.weight", 2, 0.11299334274786, -0.0283386401889242, 3.08198992724664},
                          {"output.weight", 1, -0.883603850693802, -0.421889759862562, 37.6990853588282}});
}
