// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/influence/lissa.hpp>
#include <typeformer/hosted/influence/tracin.hpp>
#include <typeformer/laws/random_values.hpp>
#include <typeformer/objectives/classification.hpp>

using namespace typeformer;

namespace {

using model = laws::small_classifier;
using inverse = lissa<model, sequence_classification, batch<4>, tokens<8>, scalar<double>>;
using vector = std::vector<double>;

/// Four texts with a label each, as one batch.
struct texts {
  token_batch_builder builder;

  texts() {
    add({2, 7, 1}, 0);
    add({3, 1, 4, 1, 5, 9}, 1);
    add({3, 1, 4, 1, 5, 8}, 0);
    add({6, 6, 6, 6}, 1);
  }
  void add(std::vector<std::int32_t> ids, std::int32_t label) {
    builder.add(ids, vector_of_no_labels(ids.size()), {}, label);
  }
  static std::vector<std::int32_t> vector_of_no_labels(std::size_t size) {
    return std::vector<std::int32_t>(size, no_label);
  }
};
const texts data;

vector start() {
  const auto values = testing::random_parameters<model>(7);
  return {values.data(), values.data() + values.size()};
}
vector gradient_at(const vector& parameters) {
  training_pass<model, sequence_classification, batch<4>, tokens<8>, scalar<double>> pass;
  vector gradient(parameters.size());
  token_batch all = data.builder.batch();
  set_mean_scales<sequence_classification>(all);
  REQUIRE(pass.run(parameters.data(), gradient.data(), all));
  return gradient;
}
/// (H + damping) x, with another difference quotient than the class has.
vector curved(const vector& parameters, const vector& x, double damping) {
  constexpr double step = 1e-4;
  vector product(x.size());
  for (const auto& [at, factor] : {std::pair{2.0, -1.0}, {1.0, 8.0}, {-1.0, -8.0}, {-2.0, 1.0}}) {
    vector moved = parameters;
    for (std::size_t i = 0; i < x.size(); ++i) moved[i] += at * step * x[i];
    const vector gradient = gradient_at(moved);
    for (std::size_t i = 0; i < x.size(); ++i) product[i] += factor * gradient[i] / (12 * step);
  }
  for (std::size_t i = 0; i < x.size(); ++i) product[i] += damping * x[i];
  return product;
}
double dot(const vector& a, const vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

constexpr auto every_batch = [](index_type) { return data.builder.batch(); };

}  // namespace

TEST_CASE("multiplies by the inverse of the Hessian and its damping", "[lissa]") {
  const vector parameters = start();
  constexpr lissa_settings settings{.damping = 8, .scale = 40, .steps = 300, .perturbation = 1e-4};
  inverse solver{settings};
  const vector v = gradient_at(parameters);
  vector x = v;
  const auto residual = solver.apply(parameters.data(), std::span{x}, every_batch);
  REQUIRE(residual);
  CHECK(*residual < 1e-4);
  const vector back = curved(parameters, x, settings.damping);
  double squares = 0;
  for (std::size_t i = 0; i < v.size(); ++i) squares += std::pow(back[i] - v[i], 2);
  CHECK(std::sqrt(squares / dot(v, v)) < 1e-3);
  CHECK(dot(x, x) < dot(v, v));
}

TEST_CASE("the inverse Hessian is symmetric", "[lissa]") {
  const vector parameters = start();
  inverse solver{{.damping = 8, .scale = 40, .steps = 300, .perturbation = 1e-4}};
  vector a = laws::random_values<double>(index_type(parameters.size())), b = gradient_at(parameters);
  const vector a_before = a, b_before = b;
  for (vector* x : {&a, &b}) {
    const auto residual = solver.apply(parameters.data(), std::span{*x}, every_batch);
    REQUIRE(residual);
    CHECK(*residual < 1e-4);
  }
  CHECK(dot(a, b_before) == Approx(dot(a_before, b)).epsilon(1e-3));
}

TEST_CASE("with much damping the product is the vector divided by it", "[lissa]") {
  const vector parameters = start();
  inverse solver{{.damping = 1e6, .scale = 1e6, .steps = 3}};
  const vector v = gradient_at(parameters);
  vector x = v;
  REQUIRE(solver.apply(parameters.data(), std::span{x}, every_batch));
  double squares = 0;
  for (std::size_t i = 0; i < v.size(); ++i) squares += std::pow(1e6 * x[i] - v[i], 2);
  CHECK(std::sqrt(squares / dot(v, v)) < 1e-4);
}

TEST_CASE("says that a scale below the largest eigenvalue diverges", "[lissa]") {
  const vector parameters = start();
  inverse solver{{.damping = 5, .scale = 1, .steps = 100}};
  vector x = gradient_at(parameters);
  const auto residual = solver.apply(parameters.data(), std::span{x}, every_batch);
  REQUIRE(residual);
  CHECK_FALSE(*residual < 1);
}

TEST_CASE("tracin divides by the curvature, with a query that is left out as error", "[lissa]") {
  using tracer = tracin<model, sequence_classification, batch<4>, tokens<8>, scalar<double>>;
  const vector parameters = start();
  inverse solver{{.damping = 1e6, .scale = 1e6, .steps = 3}};
  tracer plain{1, 1}, divided{1, 1};
  const auto batch_of = [](std::size_t) { return data.builder.batch(); };
  REQUIRE(plain.add(parameters.data(), 1, batch_of, batch_of));
  REQUIRE(divided.add(parameters.data(), 1, batch_of, batch_of, [&](std::span<double> gradient) {
    return solver.apply(parameters.data(), gradient, every_batch);
  }));
  CHECK(divided.score(0, 0) == Approx(plain.score(0, 0) / 1e6).epsilon(1e-4));

  token_batch_builder wrong;
  wrong.add(std::vector<std::int32_t>{1000000}, std::vector<std::int32_t>{no_label}, {}, 0);
  const auto rejected = divided.add(parameters.data(), 1, batch_of, batch_of, [&](std::span<double> gradient) {
    return solver.apply(parameters.data(), gradient, [&](index_type) { return wrong.batch(); });
  });
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == batch_error::problem::id_outside_vocabulary);
  CHECK(divided.score(0, 0) == Approx(plain.score(0, 0) / 1e6).epsilon(1e-4));
}
