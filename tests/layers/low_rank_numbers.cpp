// SPDX-License-Identifier: BSL-1.0
// Layers with low-rank updates compared with PyTorch 1.13 in float64; make_low_rank_numbers.py prints the literals.
#include <cmath>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/laws/probe.hpp>
#include <typeformer/laws/ragged_batch.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/layers/adapts.hpp>
#include <typeformer/layers/low_rank_linear.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/parameters/layout.hpp>

namespace typeformer {
namespace {

struct gradient_numbers {
  std::string tensor;  // several are parts of one
  int tensors;
  double first, last, squares;
};

template <class Layer, index_type Width> void check(double loss, const std::vector<gradient_numbers>& expected) {
  using walk = typename laws::probe<Layer, Width>::training;
  using use = walk_use<purpose::train, capacities{2, 5, 0}>;
  using plan = planned<walk, use>;
  std::vector<double> values(std::size_t(plan::value.parameters));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(1.7 * double(i + 1)) / 2;
  const laws::ragged_batch batch{use::reserved, 2};
  laws::walk_runner<walk, use, double> runner;
  const auto found = runner.run(canonical_weights_view<double>{values.data()}, batch.view());
  CHECK(found.data[0] == Approx(loss).epsilon(1e-12));

  std::vector<parameter_tensor> tensors;
  for_each_tensor({plan::value.leaves.data(), plan::value.leaf_count, plan::value.parameters},
                  [&](const parameter_tensor& t) { tensors.push_back(t); });
  std::size_t at = 0;
  for (const gradient_numbers& e : expected) {
    INFO(e.tensor);
    REQUIRE(at + std::size_t(e.tensors) <= tensors.size());
    CHECK(std::string(tensors[at].name().view()) == e.tensor);
    const std::size_t begin = std::size_t(tensors[at].offset);
    at += std::size_t(e.tensors);
    const std::size_t end = std::size_t(tensors[at - 1].offset + tensors[at - 1].size());
    double squares = 0;
    for (std::size_t i = begin; i < end; ++i) squares += runner.gradients[i] * runner.gradients[i];
    CHECK(runner.gradients[begin] == Approx(e.first).epsilon(1e-12));
    CHECK(runner.gradients[end - 1] == Approx(e.last).epsilon(1e-12).margin(1e-14));
    CHECK(squares == Approx(e.squares).epsilon(1e-12));
  }
  CHECK(at == tensors.size());
}

}  // namespace

TEST_CASE("agrees with PyTorch: low_rank_linear", "[low_rank]") {
  check<low_rank_linear<7, rank<2>, alpha<3.0>>, 5>(
      0.926630985324126, {{"input", 1, 1.10351843063701, 0, 7.40678602087688},
                          {"weight", 1, -0.0391224024057319, 1.46252011088327, 33.4103796290859},
                          {"bias", 1, -0.222222222222222, 0.777777777777778, 2.66666666666667},
                          {"lora_A.weight", 1, 0.549078993120132, 0.263681163234121, 3.58202119971379},
                          {"lora_B.weight", 1, -1.12704464153713, -2.08400908579987, 38.0390842680472}});
}

TEST_CASE("agrees with PyTorch: an attention with adapters", "[low_rank]") {
  check<self_attention<heads<2>, bidirectional, adapts<low_rank<rank<2>, alpha<3.0>>>>, 4>(
      0.686672694116342, {{"input", 1, -0.00371132014721903, 0, 1.09203690227223},
                          {"query.weight", 3, -0.0153159516593994, 0.375843393846381, 4.09427747268439},
                          {"query.bias", 3, -0.0120232094022742, -1.07644003082613, 5.0894563575052},
                          {"query.lora_A.weight", 1, -0.00225243943774056, -0.000707608924052501, 0.00229022872390114},
                          {"query.lora_B.weight", 1, -0.0160180503624573, -0.0159600699033561, 0.00452434396519224},
                          {"value.lora_A.weight", 1, -0.301531254278217, 0.124236743309028, 0.361959040997131},
                          {"value.lora_B.weight", 1, 0.497079964720591, -1.02944897734107, 6.62627977243569},
                          {"output.weight", 1, 1.34920593013319, -0.0199558272592373, 7.74278326334692},
                          {"output.bias", 1, 0.666666666666667, 0.111111111111111, 5.02469135802469}});
}

}  // namespace typeformer
