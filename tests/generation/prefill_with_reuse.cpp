// SPDX-License-Identifier: BSL-1.0
#include <algorithm>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/prefill_with_reuse.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;

struct gpt2_like : gpt2<gpt2_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 50, .context = 48}> {};
struct llama_like
    : llama<llama_config{
          .layers = 2, .width = 32, .heads = 4, .key_value_heads = 2, .hidden = 48, .vocabulary = 50, .context = 48}> {
};

double distance(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(double(a[i]) - double(b[i])));
  return worst;
}

template <class M> void check_reuse() {
  std::mt19937 generator{61};
  const weights<M> values{testing::random_parameters<M>(62)};
  const ids first = testing::random_ids(generator, 30, M::vocabulary);
  for (const index_type shared : {0, 1, 7, 16, 17, 29, 30}) {
    for (const index_type added : {0, 1, 9}) {
      if (shared + added == 0) continue;
      INFO("shared " << shared << ", added " << added);
      ids prompt(first.begin(), first.begin() + shared);
      if (added > 0) prompt.push_back(shared < 30 ? (first[std::size_t(shared)] + 1) % 50 : 3);
      for (const std::int32_t id : testing::random_ids(generator, std::max<index_type>(added - 1, 0), M::vocabulary))
        prompt.push_back(id);
      session<M> run{values}, in_two_parts{values}, at_once{values};
      // Token by token, so that every one is computed in the same way in both sessions and no bit may differ.
      for (const std::int32_t id : first) REQUIRE(run.decode(id));
      const auto logits = prefill_with_reuse(run, first, prompt);
      REQUIRE(logits);
      CHECK(run.length() == index_type(prompt.size()));

      const auto kept = std::size_t(added == 0 ? shared - 1 : shared);
      for (const std::int32_t id : std::span{prompt}.first(kept)) REQUIRE(in_two_parts.decode(id));
      const auto expected = in_two_parts.prefill(std::span{prompt}.subspan(kept)), whole = at_once.prefill(prompt);
      REQUIRE(expected);
      REQUIRE(whole);
      CHECK(distance(*logits, *whole) < 2e-5);
      CHECK(distance(*logits, *expected) == 0);
    }
  }
}

}  // namespace

TEST_CASE("reuses the common prefix of a prompt: gpt2") { check_reuse<gpt2_like>(); }
TEST_CASE("reuses the common prefix of a prompt: llama") { check_reuse<llama_like>(); }

TEST_CASE("keeps the common prefix of a cached text") {
  const weights<gpt2_like> values{testing::random_parameters<gpt2_like>(63)};
  session<gpt2_like, batch<2>> run{values};
  const ids text{1, 2, 3, 4, 5}, other{9, 9};
  const auto kept = [&](const ids& prompt) {
    run.reset();
    REQUIRE(run.prefill(std::vector<std::span<const std::int32_t>>{other, text}));
    const index_type count = *keep_common_prefix(run, 1, text, prompt);
    CHECK(*run.length(0) == 2);
    CHECK(*run.length(1) == count);
    return count;
  };
  CHECK(kept({1, 2, 3, 9}) == 3);
  CHECK(kept({1, 2, 3, 4, 5, 6}) == 5);
  CHECK(kept({1, 2, 3, 4, 5}) == 4);
  CHECK(kept({1, 2}) == 1);
  CHECK(kept({2}) == 0);
  CHECK(kept({}) == 0);
  // The last token that was generated is not cached yet.
  REQUIRE(run.truncate(1, 4));
  CHECK(*keep_common_prefix(run, 1, text, ids{1, 2, 3, 4, 5, 6}) == 0);
}

}  // namespace typeformer
