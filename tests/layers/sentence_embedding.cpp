// SPDX-License-Identifier: BSL-1.0
// Pooling and normalization to length 1: the laws, and PyTorch 2.2 in float64; make_sentence_embedding_numbers.py
// prints the literals.
#include <laws/check_verdict.hpp>
#include <laws/expected_gradients.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/max_pooling.hpp>
#include <typeformer/layers/sentence_embedding.hpp>

using namespace typeformer;
using namespace typeformer::laws;

TEST_CASE("obeys the laws: mean_pooling") { check_verdict(examine_layer<mean_pooling, 8>()); }
TEST_CASE("obeys the laws: max_pooling") { check_verdict(examine_layer<max_pooling, 8>()); }
TEST_CASE("obeys the laws: unit_length") {
  check_verdict(examine_layer<unit_length<>, 8>());
  check_verdict(examine_layer<unit_length<epsilon<0.9>>, 5>());  // some rows are longer, some are shorter
}
TEST_CASE("obeys the laws: sentence_embedding") {
  check_verdict(examine_layer<sentence_embedding<>, 8>(), {.training = 16});
  check_verdict(examine_layer<sentence_embedding<first_token>, 8>(), {.training = 16});
  check_verdict(examine_layer<sentence_embedding<max_pooling>, 8>());
  check_verdict(examine_layer<sequential<linear<6>, sentence_embedding<>, linear<3>>, 8>());
}

TEST_CASE("agrees with PyTorch: sentence_embedding") {
  check_expected<mean_pooling, 6>(0.0181171077964286, {{"input", 1, -0.2, 0, 0.957201646090535}});
  check_expected<sentence_embedding<>, 6>(0.334851683379451, {{"input", 1, -3.20141584151351, 0, 203.264829585638}});
  check_expected<sentence_embedding<first_token>, 6>(-0.780060293116299,
                                                     {{"input", 1, -0.589191612695722, 0, 4.64225925798184}});
}

TEST_CASE("leaves hidden tokens out of the mean, in the forward and backward pass") {
  using walk = probe<sentence_embedding<>, 6>::training;
  using use = walk_use<purpose::train, capacities{2, 5, 0}>;
  const std::vector<std::uint8_t> valid{1, 0, 1, 1, 0, 0, 1, 1, 0, 0};
  const ragged_batch rows{use::reserved, 2};
  token_batch batch = rows.view();
  batch.key_valid = valid.data();
  batch.key_stride = 5;

  std::vector<double> values(10 * 6);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(1.7 * double(i + 1)) / 2;
  walk_runner<walk, use, double> runner;
  CHECK(runner.run(canonical_weights_view<double>{values.data()}, batch).data[0] ==
        Approx(-1.01341633638709).epsilon(1e-12));
  CHECK(runner.gradients[0] == Approx(-0.338344464776876).epsilon(1e-12));
  double squares = 0;
  for (const double g : runner.gradients) squares += g * g;
  CHECK(squares == Approx(5.58945783039042).epsilon(1e-12));
  const auto report = check_gradients<walk, use>(batch);
  INFO(report.where.view());
  CHECK(report.worst < 1e-8);
  CHECK(report.zero == (2 + 1 + 2) * 6);  // two hidden tokens, one, and the rows that are not in use

  std::vector<double> with_nan = values;
  for (const std::size_t row : {1u, 4u, 5u}) std::fill_n(with_nan.begin() + std::ptrdiff_t(row * 6), 6, NAN);
  CHECK(runner.run(canonical_weights_view<double>{with_nan.data()}, batch).data[0] ==
        Approx(-1.01341633638709).epsilon(1e-12));
}

TEST_CASE("returns zero as the embedding of a sequence without a valid token") {
  using walk = probe<sentence_embedding<>, 6>::inference;
  using use = walk_use<purpose::evaluate, capacities{2, 5, 0}>;
  const std::vector<std::uint8_t> valid{0, 0, 0, 0, 0, 1, 1, 1, 0, 0};
  const ragged_batch rows{use::reserved, 2};
  token_batch batch = rows.view();
  batch.key_valid = valid.data();
  batch.key_stride = 5;
  walk_runner<walk, use, float> runner;
  const std::vector<float> values = random_values<float>(10 * 6);
  const auto y = runner.run(canonical_weights_view<float>{values.data()}, batch);
  double squares = 0;
  for (typeformer::index_type i = 0; i < 6; ++i) {
    CHECK(y[0][i] == 0);
    squares += double(y[1][i]) * double(y[1][i]);
  }
  CHECK(squares == Approx(1).epsilon(1e-6));
}
