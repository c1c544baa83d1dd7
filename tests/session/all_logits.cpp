// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;

struct small
    : llama<llama_config{
          .layers = 2, .width = 32, .heads = 4, .key_value_heads = 2, .hidden = 48, .vocabulary = 50, .context = 32}> {
};
using storing = session<small, all_logits, batch<2>, tokens<5>, storage::in_place, reads<canonical>>;
static_assert(sizeof(storing) == footprint<small, decoding_with<all_logits, batch<2>, tokens<5>>>::ram_bytes);
static_assert(std::is_same_v<session<small>::plan, plan_of<small, decoding>>);

void check_equal(std::span<const float> got, std::span<const float> expected) {
  REQUIRE(got.size() == expected.size());
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(double(got[i]) - double(expected[i])));
  CHECK(worst < 2e-5);
}

}  // namespace

TEST_CASE("returns with all logits those of decoding token by token") {
  std::mt19937 generator{71};
  const weights<small> values{testing::random_parameters<small>(72)};
  session<small, all_logits, batch<2>, tokens<5>> run{values};
  const std::vector<ids> rows{testing::random_ids(generator, 3, 50), testing::random_ids(generator, 8, 50)};
  std::vector<std::vector<std::vector<float>>> expected(2);
  for (std::size_t s = 0; s < 2; ++s) {
    session<small> alone{values};
    for (const std::int32_t id : rows[s]) {
      const auto logits = alone.decode(id);
      REQUIRE(logits);
      expected[s].emplace_back(logits->begin(), logits->end());
    }
  }
  REQUIRE(run.prefill(std::vector<std::span<const std::int32_t>>(rows.begin(), rows.end())));
  CHECK(*run.rows_with_logits(0) == 3);
  CHECK(*run.rows_with_logits(1) == 5);  // of the second of two passes
  for (index_type token = 0; token < 3; ++token) check_equal(*run.logits(0, token), expected[0][std::size_t(token)]);
  for (index_type token = 0; token < 5; ++token)
    check_equal(*run.logits(1, token), expected[1][std::size_t(token) + 3]);
  check_equal(*run.logits(0), expected[0].back());
  check_equal(*run.logits(1), expected[1].back());

  REQUIRE(run.decode(ids{-1, 7}));
  CHECK(run.logits(0).error().what == inference_error::problem::no_logits);
  CHECK(*run.rows_with_logits(0) == 0);
  CHECK(run.logits(1)->size() == 50);
  CHECK(*run.rows_with_logits(1) == 1);
}

}  // namespace typeformer
