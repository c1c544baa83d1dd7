// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/influence/tracin.hpp>
#include <typeformer/objectives/classification.hpp>

using namespace typeformer;

namespace {

using model = laws::small_classifier;
using tracer = tracin<model, sequence_classification, scalar<double>>;

struct labeled_text {
  token_batch_builder builder;

  labeled_text(std::vector<std::int32_t> ids, std::int32_t label) {
    builder.add(ids, std::vector<std::int32_t>(ids.size(), no_label), {}, label);
  }
  token_batch batch() const { return builder.batch(); }
};
const labeled_text query{{3, 1, 4, 1, 5, 9}, 1};
const std::vector<labeled_text> examples{
    {{2, 7, 1}, 0}, {{3, 1, 4, 1, 5, 9}, 1}, {{3, 1, 4, 1, 5, 8}, 0}, {{6, 6, 6, 6}, 1}};

std::vector<double> start() {
  const auto values = testing::random_parameters<model>(7);
  return {values.data(), values.data() + values.size()};
}
auto queries() {
  return [](std::size_t) { return query.batch(); };
}
auto all_examples() {
  return [](std::size_t i) { return examples[i].batch(); };
}

}  // namespace

TEST_CASE("a small step on an example lowers the loss of a query by its score", "[tracin]") {
  constexpr double rate = 1e-6;
  const std::vector<double> parameters = start();
  tracer scores{1, examples.size()};
  REQUIRE(scores.add(parameters.data(), rate, queries(), all_examples()));
  training_pass<model, sequence_classification, scalar<double>> pass;
  const auto loss = [&](const std::vector<double>& at, const labeled_text& of, std::vector<double>& gradient) {
    gradient.assign(at.size(), 0);
    const auto found = pass.run(at.data(), gradient.data(), of.batch());
    REQUIRE(found);
    return *found;
  };
  for (std::size_t z = 0; z < examples.size(); ++z) {
    std::vector<double> gradient, unused, moved = parameters;
    loss(parameters, examples[z], gradient);
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] -= rate * gradient[i];
    const double before = loss(parameters, query, unused), after = loss(moved, query, unused);
    CHECK(before - after == Approx(scores.score(0, z)).epsilon(1e-3));
  }
  CHECK(scores.ranking(0).front() == 1);  // the query itself
}

TEST_CASE("scores of checkpoints are added", "[tracin]") {
  const std::vector<double> parameters = start();
  tracer once{1, examples.size()}, twice{1, examples.size()};
  REQUIRE(once.add(parameters.data(), 0.5, queries(), all_examples()));
  REQUIRE(twice.add(parameters.data(), 0.25, queries(), all_examples()));
  REQUIRE(twice.add(parameters.data(), 0.25, queries(), all_examples()));
  for (std::size_t z = 0; z < examples.size(); ++z) CHECK(twice.score(0, z) == Approx(once.score(0, z)).epsilon(1e-12));
}

TEST_CASE("the cosine of gradients is 1 for the query itself, and at most 1", "[tracin]") {
  const std::vector<double> parameters = start();
  tracer scores{1, examples.size(), gradient_similarity::cosine};
  REQUIRE(scores.add(parameters.data(), 1, queries(), all_examples()));
  CHECK(scores.score(0, 1) == Approx(1).epsilon(1e-12));
  for (std::size_t z = 0; z < examples.size(); ++z) CHECK(scores.score(0, z) < 1 + 1e-12);
}

TEST_CASE("an example outside of the vocabulary is an error, after which no score has changed", "[tracin]") {
  const std::vector<double> parameters = start();
  const labeled_text wrong{{1000000}, 0};
  tracer scores{1, 2};
  const auto added = scores.add(parameters.data(), 1, queries(),
                                [&](std::size_t i) { return i == 1 ? wrong.batch() : examples[0].batch(); });
  REQUIRE_FALSE(added);
  CHECK(added.error().what == batch_error::problem::id_outside_vocabulary);
  CHECK(scores.score(0, 0) == 0);
}
