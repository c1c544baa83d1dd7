// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <vector>

#include <support/catch.hpp>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/batch_with_targets.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using typeformer::testing::none;
using small_batch = typeformer::testing::batch_with_targets;

namespace {

/// The logits are the features themselves if W = 1 and b = 0, so that the input of the loss is known. Positions are 0:
/// they add (0, 1).
struct of_tokens
    : encoder_only<feature_embedding<channels<2>, width<2>>, sinusoidal_positions<context<4>>, classifier<2>> {};

/// W = 1 of the embedding, then b; W = 1 of the head, then b.
std::vector<double> identity() {
  std::vector<double> values(std::size_t(layout_of<of_tokens>.parameters));
  values[0] = values[3] = values[6] = values[9] = 1;
  return values;
}
/// T² Σ p (log p − log q) of two classes, whose logits differ by t and by y.
double divergence(double t, double y, double temperature) {
  const auto of = [&](double difference) { return 1 / (1 + std::exp(-difference / temperature)); };
  const double p = of(t), q = of(y);
  return temperature * temperature * (p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q)));
}

}  // namespace

// The logits are (0.5, 0), (2, 1) and (1, −2).
TEMPLATE_TEST_CASE_SIG("computes the divergence from the teacher as the mean over the rows that have targets", "",
                       ((number T), T), number{1.0}, number{2.5}) {
  const small_batch tables;
  token_batch batch = tables.view();
  using objective = token_distillation<T>;
  set_mean_scales<objective>(batch);
  CHECK(batch.target_loss_scale == 0.5);
  loss_pass<of_tokens, objective, typeformer::batch<2>, scalar<double>> pass;
  const std::vector<double> values = identity();
  const auto score = pass.run(values.data(), batch);
  REQUIRE(score);
  CHECK(score->loss() == Approx((divergence(0.75, 0.5, T.value) + divergence(-1.5, 1, T.value)) / 2));
  CHECK(score->parts[0].correct == 1);
}

TEST_CASE("has no loss and no gradient where the logits are the teacher's", "[distillation]") {
  small_batch tables;
  tables.targets = {0.5f, 0, 2, 1, 1, -2};
  token_batch batch = tables.view();
  set_mean_scales<token_distillation<2.0>>(batch);
  training_pass<of_tokens, token_distillation<2.0>, typeformer::batch<2>, scalar<double>> pass;
  const std::vector<double> values = identity();
  std::vector<double> gradients(values.size());
  const auto loss = pass.run(values.data(), gradients.data(), batch);
  REQUIRE(loss);
  CHECK(*loss == Approx(0).margin(1e-15));
  for (const double gradient : gradients) CHECK(gradient == Approx(0).margin(1e-15));
}

TEST_CASE("does not overflow for large logits", "[distillation]") {
  small_batch tables;
  tables.features = {2e4f, -1, -3e4f, 0, 1, -3};
  tables.targets = {-1e4f, 1e4f, 3e4f, 0, none, none};
  token_batch batch = tables.view();
  set_mean_scales<token_distillation<>>(batch);
  loss_pass<of_tokens, token_distillation<>, typeformer::batch<2>> pass;
  const std::vector<double> exact = identity();
  const std::vector<float> values(exact.begin(), exact.end());
  const auto score = pass.run(values.data(), batch);
  REQUIRE(score);
  CHECK(score->loss() == Approx((2e4 + 30001) / 2));
}

TEST_CASE("obeys the laws: distillation, alone and beside other objectives") {
  using namespace typeformer::laws;
  check_verdict(examine_model<small_gpt2, token_distillation<2.0>>());
  check_verdict(examine_model<small_gpt2, objective_sum<causal_language_model, token_distillation<1.5>>>());
  check_verdict(examine_model<small_classifier, sequence_distillation<0.5>>());
}
