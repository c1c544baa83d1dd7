// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/taught_batches.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>

using namespace typeformer;

namespace {

using teacher = laws::small_gpt2;
using teaching_pass = forward_pass<teacher, batch<2>, tokens<5>>;

/// Two texts; the label of one token is left out.
struct two_texts {
  std::array<std::vector<std::int32_t>, 2> ids{{{1, 2, 3}, {4, 5}}};
  token_batch_builder builder;

  two_texts() {
    builder.add(ids[0], std::vector<std::int32_t>{2, no_label, 4});
    builder.add(ids[1], std::vector<std::int32_t>{5, 6});
  }
  token_batch training_batch(std::uint64_t) { return builder.batch(); }
  index_type validation_batches() const { return 1; }
  token_batch validation_batch(index_type) { return builder.batch(); }
};

}  // namespace

TEST_CASE("gives each labeled token the logits of the teacher", "[taught_batches]") {
  const auto values = testing::random_parameters<teacher>(3);
  const weights<teacher> packed{values};
  teaching_pass teaching{packed};
  two_texts data;
  taught_batches lessons{data, teaching};
  const auto batch = lessons.training_batch(0);
  REQUIRE(batch);
  CHECK(batch->outputs == teacher::vocabulary);
  CHECK(lessons.validation_batches() == 1);
  teaching_pass alone{packed};
  for (const std::size_t text : {std::size_t{0}, std::size_t{1}}) {
    const auto logits = alone.run(data.ids[text]);
    REQUIRE(logits);
    for (index_type token = 0; token < index_type(data.ids[text].size()); ++token) {
      const index_type row = batch->first_row[text] + token;
      const float* const targets = batch->targets + row * batch->outputs;
      const bool is_labeled = batch->labels[row] != no_label;
      for (index_type i = 0; i < batch->outputs; ++i) {
        if (is_labeled) CHECK(targets[i] == Approx((*logits)[token][i]).epsilon(1e-5));
        else CHECK(std::isnan(targets[i]));
      }
    }
  }
  const token_batch again = lessons.validation_batch(0);
  CHECK(again.targets[0] == batch->targets[0]);
}

TEST_CASE("says what the teacher rejects", "[taught_batches]") {
  const auto values = testing::random_parameters<teacher>(3);
  const weights<teacher> packed{values};
  forward_pass<teacher, batch<2>, tokens<2>> teaching{packed};
  two_texts data;
  taught_batches lessons{data, teaching};
  const auto batch = lessons.training_batch(0);
  REQUIRE_FALSE(batch);
  CHECK(batch.error().what == training_error::problem::bad_batch);
  CHECK(batch.error().message().starts_with("teacher: "));
  CHECK(lessons.validation_batch(0).targets == nullptr);
}
