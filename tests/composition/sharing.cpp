// SPDX-License-Identifier: BSL-1.0
#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

using namespace typeformer::laws;

TEST_CASE("obeys the laws: iterations that share one block") { check_verdict(examine_model<sharing_model>()); }
TEST_CASE("obeys the laws: a map of iterations to blocks that skips block 0") {
  check_verdict(examine_model<skipping_model>());
}

TEST_CASE("keeps the place of a skipped block 0 among the parameters, without gradient") {
  using namespace typeformer;
  using plan = planned<forward_walk<skipping_model>, laws::law_evaluation>;
  const auto verdict = check_gradients<objective_walk<skipping_model, causal_language_model>, laws::law_training>(
      ragged_batch(laws::law_capacities, skipping_model::vocabulary).view());
  std::int64_t of_block = 0;
  for (int i = 0; i < plan::value.leaf_count; ++i) {
    const leaf& l = plan::value.leaves[std::size_t(i)];
    if (l.count[0] == 0) continue;
    CHECK(l.count[0] == 3);
    of_block += l.rows * l.columns;
  }
  CHECK(of_block > 0);
  CHECK(verdict.zero == of_block);
}
