// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <support/catch.hpp>

#include <laws/real_inputs.hpp>
#include <support/batch_with_targets.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;
using typeformer::laws::random_values;
using typeformer::testing::none;
using small_batch = typeformer::testing::batch_with_targets;

namespace {

/// The outputs are the features themselves if W = 1 and b = 0, so that the input of the loss is known.
struct same : encoder_only<feature_embedding<channels<2>, width<2>>, sinusoidal_positions<context<4>>> {};
struct pooled : encoder_only<feature_embedding<channels<2>, width<2>>, sinusoidal_positions<context<4>>, mean_pooling> {
};

template <class M> std::vector<double> identity() {
  std::vector<double> values(std::size_t(layout_of<M>.parameters));
  values[0] = values[3] = 1;  // W; then b
  return values;
}
/// The findings of an objective, as means over the labeled rows.
template <class M, class Objective> objective_score<Objective::parts> score_of(token_batch batch) {
  set_mean_scales<Objective>(batch);
  loss_pass<M, Objective, typeformer::batch<2>, scalar<double>> pass;
  const std::vector<double> values = identity<M>();
  const auto score = pass.run(values.data(), batch);
  REQUIRE(score);
  return *score;
}

}  // namespace

TEST_CASE("computes losses of one number by their formulas") {
  STATIC_REQUIRE(squared_error::loss(3.0, 1.0) == 4.0);
  STATIC_REQUIRE(huber<1.0>::loss(0.5, 0.0) == 0.125);  // d² / 2
  STATIC_REQUIRE(huber<1.0>::loss(3.0, 0.0) == 2.5);    // δ (|d| − δ / 2)
  STATIC_REQUIRE(huber<2.0>::loss(-3.0, 0.0) == 4.0);
  STATIC_REQUIRE(huber<2.0>::derivative(-3.0, 0.0) == -2.0);
  STATIC_REQUIRE(binary_cross_entropy::derivative(0.0, 0.0) == 0.5);
  CHECK(binary_cross_entropy::loss(0.5, 1.0) == Approx(std::log1p(std::exp(-0.5))));
  CHECK(binary_cross_entropy::loss(-1.0, 0.25) ==
        Approx(0.25 * std::log1p(std::exp(1.0)) + 0.75 * std::log1p(std::exp(-1.0))));
  CHECK(binary_cross_entropy::loss(-1000.0f, 1.0f) == 1000.0f);  // no overflow
  CHECK(binary_cross_entropy::loss(1000.0f, 1.0f) == 0.0f);
  CHECK(binary_cross_entropy::derivative(-1000.0f, 1.0f) == -1.0f);
}
TEMPLATE_TEST_CASE("matches finite differences: the derivative of a loss", "", squared_error, huber<0.7>,
                   binary_cross_entropy) {
  for (const double y : {-3.0, -0.9, -0.2, 0.1, 0.6, 2.5})
    for (const double t : {0.0, 0.3, 1.0}) {
      constexpr double step = 1e-5;
      const double difference = (TestType::loss(y + step, t) - TestType::loss(y - step, t)) / (2 * step);
      CHECK(TestType::derivative(y, t) == Approx(difference).margin(1e-9));
    }
}

// The outputs of the tokens are (0.5, 0), (2, 1) and (1, −2), those of the sequences (1.25, 0.5) and (1, −2).
TEST_CASE("computes the loss of tokens as the mean over those that have targets, and over their outputs") {
  const small_batch batch;
  CHECK(score_of<same, token_regression<>>(batch.view()).loss() ==
        Approx((0.25 + 0.0625 + 9 + 0.25) / 4));  // PyTorch: MSELoss of the first two rows
  CHECK(score_of<same, token_regression<huber<1.0>>>(batch.view()).loss() ==
        Approx((0.125 + 0.03125 + 2.5 + 0.125) / 4));
}
TEST_CASE("computes the loss of sequences as the mean over those that have targets, and over their outputs") {
  small_batch batch;
  CHECK(score_of<pooled, sequence_regression<>>(batch.view()).loss() == Approx((0.0625 + 0.25 + 1 + 9) / 4));
  batch.sequence_targets[2] = none;
  CHECK(score_of<pooled, sequence_regression<>>(batch.view()).loss() == Approx((0.0625 + 0.25) / 2));
}
TEST_CASE("counts a row as right if all its outputs are on the side of their targets") {
  small_batch batch;
  batch.sequence_targets = {1, 1, 1, 1};
  const auto score = score_of<pooled, sequence_regression<binary_cross_entropy>>(batch.view());
  CHECK(score.parts[0].correct == 1);
  CHECK(score.loss() == Approx((std::log1p(std::exp(-1.25)) + std::log1p(std::exp(-0.5)) + std::log1p(std::exp(-1.0)) +
                                std::log1p(std::exp(2.0))) /
                               4));
  CHECK(score_of<pooled, sequence_regression<>>(batch.view()).parts[0].correct == 0);
}
TEST_CASE("computes the gradient of the bias as the sum of the derivatives of the mean") {
  const small_batch tables;
  token_batch batch = tables.view();
  set_mean_scales<token_regression<>>(batch);
  training_pass<same, token_regression<>, typeformer::batch<2>, scalar<double>, storage::in_place> pass;
  const std::vector<double> values = identity<same>();
  std::vector<double> gradients(values.size());
  const auto loss = pass.run(values.data(), gradients.data(), batch);
  REQUIRE(loss);
  CHECK(*loss == Approx(9.5625 / 4));
  CHECK(gradients[4] == Approx(2 * (-0.5 + 3) / 4));  // Σ 2 (y − t) / 4
  CHECK(gradients[5] == Approx(2 * (-0.25 + 0.5) / 4));
  CHECK(gradients[0] == Approx(2 * (-0.5 * 0.5 + 3 * 2) / 4));  // W[0][0]: times x[0]
}
TEST_CASE("counts targets for the mean, each kind separately") {
  small_batch tables;
  token_batch batch = tables.view();
  const std::array<std::int32_t, 2> labels{1, -100};
  batch.sequence_labels = labels.data();
  using both = objective_sum<sequence_classification, sequence_regression<>, token_regression<>>;
  const auto counts = count_labels<both>(batch);
  CHECK(counts.of_part == std::array<index_type, 3>{1, 2, 2});
  set_mean_scales<both>(batch);
  CHECK(batch.sequence_loss_scale == 1);
  CHECK(batch.sequence_target_loss_scale == 0.5);
  CHECK(batch.target_loss_scale == 0.5);
  batch.targets = nullptr;
  CHECK(count_labels<both>(batch)[2] == 0);
}

TEST_CASE("checks a batch of real values") {
  using problem = batch_error::problem;
  small_batch tables;
  token_batch batch = tables.view();
  loss_pass<same, token_regression<>, typeformer::batch<2>> pass;
  const std::vector<float> values(6);
  const auto error = [&] { return pass.run(values.data(), batch).error(); };
  REQUIRE(pass.run(values.data(), batch));
  SECTION("features that are missing") {
    batch.features = nullptr;
    CHECK(error().what == problem::table_is_missing);
  }
  SECTION("features of other channels") {
    batch.channels = 3;
    CHECK(error().what == problem::features_do_not_fit);
    CHECK(error().got == 3);
    CHECK(error().highest == 2);
  }
  SECTION("features of other rows") {
    batch.feature_rows = 2;
    CHECK(error().what == problem::features_do_not_fit);
  }
  SECTION("a feature that is not finite") {
    tables.features[5] = none;
    CHECK(error().what == problem::input_is_not_finite);
    CHECK(error().sequence == 1);
    CHECK(error().row == 2);
  }
  SECTION("targets that are missing") {
    batch.targets = nullptr;
    CHECK(error().what == problem::table_is_missing);
  }
  SECTION("targets of other outputs") {
    batch.outputs = 1;
    CHECK(error().what == problem::targets_do_not_fit);
  }
  SECTION("a target that is infinite") {
    tables.targets[0] = -std::numeric_limits<float>::infinity();
    CHECK(error().what == problem::target_is_not_finite);
    CHECK(error().row == 0);
  }
  SECTION("a target beside others that is none") {
    tables.targets[3] = none;
    CHECK(error().what == problem::target_is_not_finite);
    CHECK(error().row == 1);
  }
  SECTION("a scale that is not finite") {
    batch.target_loss_scale = std::numeric_limits<double>::infinity();
    CHECK(error().what == problem::scale_is_not_finite);
  }
}

TEST_CASE("checks a batch of images") {
  using problem = batch_error::problem;
  struct vision : laws::small_vision<first_token, linear<1>> {};
  std::vector<float> images(32), targets{0.5f};
  std::array<index_type, 2> first_row{0, 5};
  const std::array<std::int32_t, 6> positions{0, 1, 2, 3, 4, 4};
  token_batch batch;
  batch.sequences = 1;
  batch.rows = 5;
  batch.first_row = first_row.data();
  batch.positions = positions.data();
  batch.images = images.data();
  batch.image_values = 32;
  batch.sequence_targets = targets.data();
  batch.sequence_outputs = 1;
  loss_pass<vision, sequence_regression<>> pass;
  const std::vector<float> values(std::size_t(layout_of<vision>.parameters));
  const auto error = [&] { return pass.run(values.data(), batch).error(); };
  REQUIRE(pass.run(values.data(), batch));
  SECTION("images that are missing") {
    batch.images = nullptr;
    CHECK(error().what == problem::table_is_missing);
  }
  SECTION("images of another size") {
    batch.image_values = 16;
    CHECK(error().what == problem::images_do_not_fit);
  }
  SECTION("fewer rows than patches and class token") {
    batch.rows = first_row[1] = 4;
    CHECK(error().what == problem::rows_are_no_patches);
    CHECK(error().got == 4);
    CHECK(error().lowest == 5);
  }
  SECTION("a number that is not finite") {
    images[31] = none;
    CHECK(error().what == problem::input_is_not_finite);
    CHECK(error().sequence == 0);
  }
}
