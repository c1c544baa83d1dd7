// SPDX-License-Identifier: BSL-1.0
#include <numeric>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

// Sequences of a session exchange places, and several continue from one.
namespace typeformer {
namespace {

using testing::random_ids, testing::random_parameters;
using ids = std::vector<std::int32_t>;
using indices = std::vector<index_type>;

struct gpt2_like : gpt2<gpt2_config{.layers = 3, .width = 32, .heads = 4, .vocabulary = 50, .context = 40}> {};
struct llama_like
    : llama<llama_config{
          .layers = 2, .width = 32, .heads = 4, .key_value_heads = 2, .hidden = 48, .vocabulary = 50, .context = 40}> {
};

/// The final contents of the places, if place p initially holds p.
template <index_type Places> indices moved(const indices& from) {
  indices places(Places);
  std::iota(places.begin(), places.end(), index_type{0});
  const sequence_moves<Places> moves{from};
  CHECK(moves.steps().size() <= std::size_t(Places));
  for (const auto& [to, other, exchanges] : moves.steps()) {
    if (exchanges) std::swap(places[std::size_t(to)], places[std::size_t(other)]);
    else places[std::size_t(to)] = places[std::size_t(other)];
  }
  return places;
}

}  // namespace

TEST_CASE("moves in place by every mapping of five places onto themselves: sequence_moves") {
  int wrong = 0;
  for (int code = 0; code < 5 * 5 * 5 * 5 * 5; ++code) {
    indices from;
    for (int rest = code; from.size() < 5; rest /= 5) from.push_back(rest % 5);
    wrong += moved<5>(from) != from;
  }
  CHECK(wrong == 0);
  CHECK(moved<4>({}) == indices{0, 1, 2, 3});
  CHECK(moved<4>({1, 0}) == indices{1, 0, 2, 3});
  CHECK(moved<4>({3, 3}) == indices{3, 3, 2, 3});
  CHECK(sequence_moves<4>{indices{0, 1, 2, 3}}.steps().empty());
}

template <class M> void check_reordered_session() {
  std::mt19937 generator{29};
  const weights<M> values{random_parameters<M>(31)};
  session<M, batch<4>, tokens<8>> run{values}, expected{values};
  std::vector<ids> rows;
  for (const index_type length : {3, 17, 9, 1}) rows.push_back(random_ids(generator, length, M::vocabulary));
  const auto prefill = [](auto& into, const std::vector<ids>& prompts) {
    const std::vector<std::span<const std::int32_t>> views(prompts.begin(), prompts.end());
    REQUIRE(into.prefill(std::span<const std::span<const std::int32_t>>{views}));
  };
  prefill(run, rows);
  for (const indices& from : {indices{1, 2, 3, 0}, indices{0, 0, 3, 2}, indices{2, 2, 2, 1}, indices{1, 0}}) {
    REQUIRE(run.reorder(from));
    std::vector<ids> reordered = rows;
    for (std::size_t s = 0; s < from.size(); ++s) reordered[s] = rows[std::size_t(from[s])];
    rows = reordered;
    expected.reset();
    prefill(expected, rows);
    const ids next = random_ids(generator, 4, M::vocabulary);
    REQUIRE(run.decode(next));
    REQUIRE(expected.decode(next));
    for (std::size_t s = 0; s < 4; ++s) {
      INFO("sequence " << s);
      rows[s].push_back(next[s]);
      CHECK(*run.length(index_type(s)) == index_type(rows[s].size()));
      double worst = 0;
      for (std::size_t id = 0; id < std::size_t(M::vocabulary); ++id)
        worst = std::max(
            worst, std::abs(double((*run.logits(index_type(s)))[id]) - double((*expected.logits(index_type(s)))[id])));
      CHECK(worst < 2e-5);
    }
  }
}
TEST_CASE("continues a reordered session as if the sequences had always been there: gpt2") {
  check_reordered_session<gpt2_like>();
}
TEST_CASE("continues a reordered session as if the sequences had always been there: llama") {
  check_reordered_session<llama_like>();
}

}  // namespace typeformer
