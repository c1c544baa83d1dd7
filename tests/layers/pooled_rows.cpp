// SPDX-License-Identifier: BSL-1.0
// Poolings of some rows of each sequence.
#include <laws/check_verdict.hpp>
#include <laws/expected_gradients.hpp>
#include <typeformer/layers/chunk_pooling.hpp>
#include <typeformer/layers/distilled_classifier.hpp>
#include <typeformer/layers/first_token.hpp>
#include <typeformer/layers/linear.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

template <class Pooling> using halves = chunk_pooling<chunk_count<2>, chunk_rows<3>, Pooling>;

/// What a layer makes of two sequences of three columns: five rows 1, 2, … of which some are valid, then three rows.
template <class Layer> std::vector<float> pooled(const std::vector<std::uint8_t>& valid) {
  using walk = typename probe<Layer, 1>::inference;
  using use = walk_use<purpose::evaluate, capacities{2, 5, 0}>;
  const ragged_batch rows{use::reserved, 2};
  token_batch batch = rows.view();
  batch.key_valid = valid.data();
  batch.key_stride = 5;
  const std::vector<float> values{1, 2, 3, 4, 5, 6, 7, 8, 0, 0};
  walk_runner<walk, use, float> runner;
  const auto y = runner.run(canonical_weights_view<float>{values.data()}, batch);
  return {y.data, y.data + 2 * y.stride};
}
const std::vector<std::uint8_t> all(10, 1), some{0, 1, 0, 1, 1, 0, 1, 1, 1, 1}, none_of_first{0, 0, 0, 0, 0, 1, 1, 1};

}  // namespace

TEST_CASE("obeys the laws: rows of the first tokens, and their mean") {
  check_verdict(examine_layer<first_token, 6>());
  check_verdict(examine_layer<first_tokens<1, 1>, 6>());
  check_verdict(examine_layer<first_tokens<0, 2>, 6>());
}
TEST_CASE("obeys the laws: chunk_pooling") {
  check_verdict(examine_layer<halves<mean_of_rows>, 6>());
  check_verdict(examine_layer<halves<maximum_of_rows>, 6>());
  check_verdict(examine_layer<halves<first_of_rows>, 6>());
  check_verdict(examine_layer<halves<all_of_rows>, 4>());
  check_verdict(examine_layer<sequential<linear<4>, halves<maximum_of_rows>, linear<3>>, 6>(), {.training = 16});
}
TEST_CASE("obeys the laws: distilled_classifier") { check_verdict(examine_layer<distilled_classifier<3>, 6>()); }

TEST_CASE("reads the first valid tokens of a sequence") {
  CHECK(pooled<first_tokens<0, 2>>(all) == std::vector<float>{1.5f, 6.5f});
  CHECK(pooled<first_tokens<1, 1>>(all) == std::vector<float>{2, 7});
  CHECK(pooled<first_tokens<0, 2>>(some) == std::vector<float>{3, 7.5f});
  CHECK(pooled<first_tokens<1, 1>>(some) == std::vector<float>{4, 8});
  CHECK(pooled<first_token>(none_of_first) == std::vector<float>{0, 6});
}
TEST_CASE("pools each chunk, of which the first begins with the first valid token") {
  CHECK(pooled<halves<mean_of_rows>>(all) == std::vector<float>{2, 4.5f, 7, 0});
  CHECK(pooled<halves<maximum_of_rows>>(all) == std::vector<float>{3, 5, 8, 0});
  CHECK(pooled<halves<first_of_rows>>(all) == std::vector<float>{1, 4, 6, 0});
  // Rows 2, 3 and 4 are a chunk, of which 3 is padding, then row 5; of the other sequence 7 and 8.
  CHECK(pooled<halves<mean_of_rows>>(some) == std::vector<float>{3, 5, 7.5f, 0});
  CHECK(pooled<halves<maximum_of_rows>>(some) == std::vector<float>{4, 5, 8, 0});
  CHECK(pooled<halves<first_of_rows>>(some) == std::vector<float>{2, 5, 7, 0});
  CHECK(pooled<halves<maximum_of_rows>>(none_of_first) == std::vector<float>{0, 0, 8, 0});
}
TEST_CASE("puts all rows of each chunk side by side, and zeros for those that a sequence does not have") {
  CHECK(pooled<halves<all_of_rows>>(all) == std::vector<float>{1, 2, 3, 4, 5, 0, 6, 7, 8, 0, 0, 0});
  CHECK(pooled<halves<all_of_rows>>(some) == std::vector<float>{2, 0, 4, 5, 0, 0, 7, 8, 0, 0, 0, 0});
}
TEST_CASE("delivers the mean of two classifiers") {
  using layer = distilled_classifier<2>;
  using walk = probe<layer, 1>::inference;
  using use = walk_use<purpose::evaluate, capacities{2, 5, 0}>;
  const ragged_batch rows{use::reserved, 2};
  const std::vector<float> values{1,  2,  3,    4, 5, 6, 7, 8, 0, 0,  // the rows
                                  1,  -1, 0.5f, 0,                    // of the class token
                                  10, 20, 0,    1};                   // of the distillation token
  walk_runner<walk, use, float> runner;
  const auto y = runner.run(canonical_weights_view<float>{values.data()}, rows.view());
  CHECK(y[0][0] == (1 + 0.5f + 20) / 2);
  CHECK(y[0][1] == (-1 + 40 + 1) / 2);
  CHECK(y[1][0] == (6 + 0.5f + 70) / 2);
}
