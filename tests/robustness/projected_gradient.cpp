// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/interpretability/input_gradients.hpp>
#include <typeformer/hosted/robustness/projected_gradient.hpp>
#include <typeformer/objectives/classification.hpp>

using namespace typeformer;

namespace {

using model = laws::small_classifier;

struct attacked {
  input_gradients<model, sequence_classification, scalar<double>> gradients;
  std::vector<double> parameters;
  token_batch_builder builder;

  attacked() {
    const auto values = testing::random_parameters<model>(7);
    parameters.assign(values.data(), values.data() + values.size());
    const std::vector<std::int32_t> ids{3, 1, 4, 1, 5, 9}, labels(6, no_label);
    builder.add(ids, labels, {}, 1);
  }
  attacked_embedding<double> by(const gradient_attack& how) {
    const auto found = attack(gradients, parameters.data(), builder.batch(), how);
    REQUIRE(found);
    return *found;
  }
};

}  // namespace

TEST_CASE("one step of a small radius raises the loss by the radius times the gradient's sum", "[attacks]") {
  attacked of;
  constexpr double radius = 1e-6;
  const auto found = of.by({.radius = radius, .steps = 1, .step = radius});
  REQUIRE(of.gradients.run(of.parameters.data(), of.builder.batch()));
  double sum = 0;
  for (std::size_t i = 0; i < found.shift.size(); ++i) {
    sum += std::abs(of.gradients.gradient()[i]);
    CHECK(std::abs(found.shift[i]) == radius);
  }
  CHECK((found.loss - found.clean_loss) / radius == Approx(sum).epsilon(1e-3));
}

TEST_CASE("an attack stays within its radius, and more steps find more", "[attacks]") {
  attacked of;
  const auto one = of.by({.radius = 0.1, .steps = 1, .step = 0.1}), many = of.by({.radius = 0.1});
  CHECK(one.loss > one.clean_loss);
  CHECK(many.loss >= one.loss);
  double largest = 0;
  for (const double each : many.shift) largest = std::max(largest, std::abs(each));
  CHECK(largest <= 0.1);
  const auto loss = of.gradients.run(of.parameters.data(), of.builder.batch(), many.shift);
  REQUIRE(loss);
  CHECK(*loss == many.loss);

  const auto none = of.by({.radius = 0, .steps = 3});
  CHECK(none.loss == none.clean_loss);
}
