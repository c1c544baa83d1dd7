// SPDX-License-Identifier: BSL-1.0
// Sources that were not read yet move with their sequences.
#include <cmath>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
using indices = std::vector<index_type>;
struct translating
    : t5<t5_config{
          .layers = 1, .width = 16, .heads = 2, .head_width = 8, .hidden = 16, .vocabulary = 13, .context = 12}> {};
using batched = session<translating, batch<4>, tokens<3>>;
using texts = std::vector<ids>;

std::vector<std::span<const std::int32_t>> views(const texts& lists) { return {lists.begin(), lists.end()}; }
const texts sources{{1, 2, 3}, {4, 5, 6, 7, 8}, {9}};
const texts targets{{0, 1}, {0, 2, 5, 6}, {0, 3}, {0, 4}};

/// Sequence s has source of[s]; -1: none, and it gets no token.
void check(batched& run, const weights<translating>& values, const indices& of) {
  texts prompts = targets;
  for (std::size_t s = 0; s < of.size(); ++s)
    if (of[s] < 0) prompts[s].clear();
  REQUIRE(run.prefill(views(prompts)));
  session<translating> alone{values};
  for (std::size_t s = 0; s < of.size(); ++s) {
    if (of[s] < 0) continue;
    INFO("sequence " << s);
    REQUIRE(alone.read(sources[std::size_t(of[s])]));
    const auto expected = alone.prefill(prompts[s]);
    REQUIRE(expected);
    const auto got = run.logits(index_type(s));
    REQUIRE(got);
    for (std::size_t k = 0; k < 13; ++k) CHECK((*got)[k] == Approx((*expected)[k]).margin(1e-5));
  }
}

}  // namespace

TEST_CASE("moves sources that are not read yet with their sequences") {
  const weights<translating> values{testing::random_parameters<translating>(3)};
  for (const auto& [from, of] : std::vector<std::pair<indices, indices>>{{{2, 0, 1}, {2, 0, 1, -1}},
                                                                         {{0, 0, 0, 0}, {0, 0, 0, 0}},
                                                                         {{1, 1, 0, 0}, {1, 1, 0, 0}},
                                                                         {{3, 1, 2, 0}, {-1, 1, 2, 0}},
                                                                         {{1, 0}, {1, 0, 2, -1}}}) {
    batched run{values};
    REQUIRE(run.read(views(sources)));
    REQUIRE(run.reorder(from));
    check(run, values, of);
  }
}

TEST_CASE("moves sources twice before they are read, and again after it") {
  const weights<translating> values{testing::random_parameters<translating>(3)};
  batched run{values};
  REQUIRE(run.read(views(sources)));
  REQUIRE(run.reorder(indices{1, 2, 0}));
  REQUIRE(run.reorder(indices{1, 0, 2, 2}));
  check(run, values, {2, 1, 0, 0});
  REQUIRE(run.reorder(indices{3, 0}));
  run.reset();
  check(run, values, {0, 2, 0, 0});
}

TEST_CASE("moves padded sources with the flags of their tokens") {
  const weights<translating> values{testing::random_parameters<translating>(3)};
  batched run{values};
  const ids padded{1, 2, 3, 12, 12, 4, 5, 6, 7, 8, 9, 12, 12, 12, 12};
  const std::vector<std::uint8_t> valid{1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
  REQUIRE(run.read(padded_tokens{padded, valid, 5}));
  REQUIRE(run.reorder(indices{2, 0, 1}));
  check(run, values, {2, 0, 1, -1});
}

TEST_CASE("rejects a sequence that was given no source") {
  const weights<translating> values{testing::random_parameters<translating>(3)};
  batched run{values};
  REQUIRE(run.read(views(sources)));
  REQUIRE(run.reorder(indices{3}));
  const auto rejected_prompt = run.prefill(views(targets));
  REQUIRE_FALSE(rejected_prompt);
  CHECK(rejected_prompt.error().what == inference_error::problem::source_is_missing);
  CHECK(rejected_prompt.error().sequence == 0);
  const ids three{1, 2, 3};
  const std::vector<std::uint8_t> all(3, 1);
  CHECK(run.read(padded_tokens{.ids = three, .valid = all, .length = 3, .positions = three}).error().what ==
        inference_error::problem::input_is_not_read);
}

}  // namespace typeformer
