// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/influence/rank_one_edit.hpp>
#include <typeformer/hosted/influence/row_moments.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

using namespace typeformer;

namespace {

using model = laws::small_gpt2;
using editor_type = rank_one_edit<model, causal_language_model>;
constexpr const char* tensor = "blocks.1.feed_forward.down.weight";

/// The rows that the down projection of block 1 reads.
value_table keys_of(const parameters<model>& values, const std::vector<std::int32_t>& ids) {
  const weights<model> packed{values};
  forward_pass<model, observing> pass{packed};
  recorded_values shown{observation::feed_forward_hidden};
  REQUIRE(pass.run(ids, shown.observer()));
  return shown.at({observation::feed_forward_hidden, 1});
}

const std::vector<std::int32_t> text{3, 1, 4, 1};
token_batch_builder wanted() {
  token_batch_builder builder;
  builder.add(text, std::vector<std::int32_t>{no_label, no_label, no_label, 5});
  return builder;
}

double product(std::span<const float> row, const std::vector<double>& direction) {
  double sum = 0;
  for (std::size_t i = 0; i < direction.size(); ++i) sum += double(row[i]) * direction[i];
  return sum;
}

}  // namespace

TEST_CASE("the direction of a key touches other rows least", "[editing]") {
  const std::vector<float> key{1, 2, -1}, others[] = {{3, 1, 0}, {-3, -1, 0.1f}, {2, 0, 0}};
  row_moments moments{3};
  for (const auto& row : others) moments.add(row);
  CHECK(moments.rows() == 3);
  const std::vector<double> direction = moments.direction_of(key, 1e-9);
  CHECK(product(key, direction) == Approx(1));
  const auto touched = [&](const std::vector<double>& m) {
    double sum = 0;
    for (const auto& row : others) sum += std::pow(product(row, m), 2);
    return sum;
  };
  // Any other direction with the same product with the key is worse.
  for (const std::vector<double>& along : {std::vector<double>{2, -1, 0}, {1, 0, 1}, {0, 1, 2}})
    for (const double step : {-0.01, 0.01}) {
      std::vector<double> other = direction;
      for (std::size_t i = 0; i < 3; ++i) other[i] += step * along[i];
      REQUIRE(product(key, other) == Approx(1));
      CHECK(touched(other) > touched(direction));
    }
}

TEST_CASE("an edit adds a matrix of rank one to one projection, which then says what is wanted", "[editing]") {
  auto values = testing::random_parameters<model>(3);
  const std::vector<float> before(values.data(), values.data() + values.size());
  const value_table rows = keys_of(values, text);
  const std::span<const float> key = rows.row(2);
  row_moments moments{std::size_t(rows.width)};
  for (const auto& other : {std::vector<std::int32_t>{7, 2, 9, 2}, {6, 5, 8, 3}, {0, 1, 2, 2}}) {
    const value_table shown = keys_of(values, other);
    for (index_type r = 0; r < shown.rows; ++r) moments.add(shown.row(r));
  }
  auto editor = editor_type::of(tensor);
  REQUIRE(editor);
  REQUIRE(editor->key_width() == key.size());
  const std::vector<double> direction = moments.direction_of(key);
  const auto builder = wanted();
  const auto unchanged = editor->apply(values.data(), key, direction, builder.batch(), {.steps = 0});
  REQUIRE(unchanged);
  const double aim = 0.8 * unchanged->loss;
  const auto edited = editor->apply(values.data(), key, direction, builder.batch(), {.loss = aim});
  REQUIRE(edited);
  CHECK(edited->loss_before == unchanged->loss);
  CHECK(edited->loss <= aim);
  CHECK(edited->steps > 0);
  CHECK(edited->steps < 300);

  const parameter_tensor matrix = find_tensor(layout_of<model>, tensor);
  std::vector<double> u(editor->width());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::size_t at = i - std::size_t(matrix.offset);
    const double change = double(values.data()[i]) - double(before[i]);
    if (at >= editor->width() * editor->key_width()) {
      REQUIRE(change == 0);
      continue;
    }
    const std::size_t row = at / key.size(), column = at % key.size();
    if (column == 0) u[row] = change / direction[0];
    CHECK(change == Approx(u[row] * direction[column]).margin(2e-6));
  }
  double squares = 0;
  for (const double number : u) squares += number * number;
  CHECK(edited->change > 0);
  CHECK(squares > 0);
}

TEST_CASE("an edit that is not needed changes nothing", "[editing]") {
  auto values = testing::random_parameters<model>(3);
  const std::vector<float> before(values.data(), values.data() + values.size());
  const value_table rows = keys_of(values, text);
  row_moments moments{std::size_t(rows.width)};
  for (index_type r = 0; r < rows.rows; ++r) moments.add(rows.row(r));
  auto editor = editor_type::of(tensor);
  REQUIRE(editor);
  const auto builder = wanted();
  const auto direction = moments.direction_of(rows.row(2));
  const auto edited = editor->apply(values.data(), rows.row(2), direction, builder.batch(), {.loss = 1e9});
  REQUIRE(edited);
  CHECK(edited->steps == 0);
  CHECK(edited->change == 0);
  CHECK(std::vector<float>(values.data(), values.data() + values.size()) == before);

  token_batch_builder wrong;
  wrong.add(std::vector<std::int32_t>{1000000}, std::vector<std::int32_t>{1});
  const auto rejected = editor->apply(values.data(), rows.row(2), direction, wrong.batch());
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == batch_error::problem::id_outside_vocabulary);
  CHECK(std::vector<float>(values.data(), values.data() + values.size()) == before);
}

TEST_CASE("only a matrix that the model has can be edited", "[editing]") {
  CHECK_FALSE(editor_type::of("blocks.9.feed_forward.down.weight"));
  CHECK_FALSE(editor_type::of("blocks.1.feed_forward.down.bias"));
  CHECK_FALSE(editor_type::of(""));
}
