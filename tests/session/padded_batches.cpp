// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <optional>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

// Sequences of a batch do not see one another: padded or ragged, the result of each is that of the sequence alone.
namespace typeformer {
namespace {

using testing::random_ids, testing::random_parameters;
using ids = std::vector<std::int32_t>;
using problem = inference_error::problem;
using spans = std::span<const std::span<const std::int32_t>>;

struct gpt2_like : gpt2<gpt2_config{.layers = 2, .width = 32, .heads = 4, .vocabulary = 50, .context = 48}> {};
struct llama_like
    : llama<llama_config{
          .layers = 2, .width = 32, .heads = 4, .key_value_heads = 2, .hidden = 48, .vocabulary = 50, .context = 48}> {
};

constexpr double tolerance = 2e-5;

double distance(const float* a, const float* b, index_type count) {
  double worst = 0;
  for (index_type i = 0; i < count; ++i) {
    const double difference = std::abs(double(a[i]) - double(b[i]));
    worst = std::isfinite(difference) ? std::max(worst, difference) : INFINITY;
  }
  return worst;
}
double distance(std::span<const float> a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  return distance(a.data(), b.data(), static_cast<index_type>(b.size()));
}

/// The logits of every token of a single sequence, [tokens][vocabulary].
template <class M> std::vector<float> alone(const weights<M>& values, std::span<const std::int32_t> sequence) {
  forward_pass<M> forward{values};
  const auto logits = forward.run(sequence);
  REQUIRE(logits);
  return {logits->data, logits->data + static_cast<index_type>(sequence.size()) * M::vocabulary};
}
template <class M>
std::vector<float> last_logits_alone(const weights<M>& values, std::span<const std::int32_t> sequence) {
  const std::vector<float> all = alone(values, sequence);
  return {all.end() - M::vocabulary, all.end()};
}

/// [4][length]: left padding, right padding, holes, none. Padding holds tokens like any other.
struct rectangle {
  index_type length;
  ids tokens;
  std::vector<std::uint8_t> valid;

  rectangle(std::mt19937& generator, index_type rectangle_length, index_type vocabulary)
      : length{rectangle_length}, tokens{random_ids(generator, 4 * rectangle_length, vocabulary)} {
    const index_type pad = length / 3 + 1;
    for (index_type i = 0; i < length; ++i) valid.push_back(i >= pad);
    for (index_type i = 0; i < length; ++i) valid.push_back(i < length - pad);
    for (index_type i = 0; i < length; ++i) valid.push_back(i % 3 != 1);
    for (index_type i = 0; i < length; ++i) valid.push_back(1);
  }
  padded_tokens view() const { return {tokens, valid, length}; }
  ids of(index_type sequence) const {
    ids row;
    for (index_type i = sequence * length; i < (sequence + 1) * length; ++i)
      if (valid[static_cast<std::size_t>(i)]) row.push_back(tokens[static_cast<std::size_t>(i)]);
    return row;
  }
};

template <class M> void check_padded_evaluation() {
  std::mt19937 generator{7};
  const weights<M> values{random_parameters<M>(3)};
  forward_pass<M, batch<4>> forward{values};
  for (const index_type length : {2, 5, 17, 40, 48}) {
    INFO("length " << length);
    rectangle given{generator, length, M::vocabulary};
    const auto logits = forward.run(given.view());
    REQUIRE(logits);
    const std::vector<float> first(logits->data, logits->data + 4 * length * M::vocabulary);
    for (index_type s = 0; s < 4; ++s) {
      INFO("sequence " << s);
      const std::vector<float> expected = alone(values, given.of(s));
      index_type row_alone = 0;
      for (index_type i = s * length; i < (s + 1) * length; ++i)
        if (given.valid[static_cast<std::size_t>(i)])
          CHECK(distance(first.data() + i * M::vocabulary, expected.data() + row_alone++ * M::vocabulary,
                         M::vocabulary) < tolerance);
    }
    for (std::size_t i = 0; i < given.tokens.size(); ++i)
      if (!given.valid[i]) given.tokens[i] = static_cast<std::int32_t>((given.tokens[i] + 1) % M::vocabulary);
    const auto again = forward.run(given.view());
    REQUIRE(again);
    for (std::size_t i = 0; i < given.tokens.size(); ++i)
      if (given.valid[i])
        CHECK(distance(again->data + index_type(i) * M::vocabulary, first.data() + index_type(i) * M::vocabulary,
                       M::vocabulary) == 0);
  }
}
TEST_CASE("evaluates a padded batch like its rows alone: gpt2") { check_padded_evaluation<gpt2_like>(); }
TEST_CASE("evaluates a padded batch like its rows alone: llama") { check_padded_evaluation<llama_like>(); }

template <class M> void check_padded_session() {
  std::mt19937 generator{11};
  const weights<M> values{random_parameters<M>(5)};
  for (const index_type length : {2, 9, 33}) {
    INFO("length " << length);
    rectangle given{generator, length, M::vocabulary};
    for (std::size_t i = 0; i < given.tokens.size(); ++i)
      if (!given.valid[i]) given.tokens[i] = -1;  // not read
    session<M, batch<4>> run{values};
    REQUIRE(run.prefill(given.view()));
    std::vector<ids> rows;
    for (index_type s = 0; s < 4; ++s) rows.push_back(given.of(s));
    for (int step = 0;; ++step) {
      INFO("step " << step);
      for (index_type s = 0; s < 4; ++s) {
        INFO("sequence " << s);
        const ids& row = rows[static_cast<std::size_t>(s)];
        CHECK(*run.length(s) == static_cast<index_type>(row.size()));
        // In step 2 sequence 1 was idle: it has no logits, and continues afterwards as if there had been no step.
        if (step != 2 || s != 1) CHECK(distance(*run.logits(s), last_logits_alone(values, row)) < tolerance);
      }
      if (step == 4) break;
      ids next = random_ids(generator, 4, M::vocabulary);
      if (step == 1) next[1] = -1;
      REQUIRE(run.decode(next));
      for (std::size_t s = 0; s < 4; ++s)
        if (next[s] >= 0) rows[s].push_back(next[s]);
    }
  }
}
TEST_CASE("takes padded prompts and idle sequences like rows alone: gpt2") { check_padded_session<gpt2_like>(); }
TEST_CASE("takes padded prompts and idle sequences like rows alone: llama") { check_padded_session<llama_like>(); }

/// Prompts of any lengths, in passes of eight tokens; a second ragged prefill after the first.
template <class M> void check_ragged_session() {
  std::mt19937 generator{13};
  const weights<M> values{random_parameters<M>(9)};
  session<M, batch<4>, tokens<8>> run{values};
  std::vector<ids> rows(4);
  for (const auto& lengths : {std::array{3, 20, 8, 1}, std::array{17, 0, 1, 9}, std::array{0, 5, 0, 16}}) {
    std::vector<ids> added;
    std::vector<std::span<const std::int32_t>> views;
    for (std::size_t s = 0; s < 4; ++s) added.push_back(random_ids(generator, lengths[s], M::vocabulary));
    for (const ids& row : added) views.emplace_back(row);
    REQUIRE(run.prefill(spans{views}));
    for (std::size_t s = 0; s < 4; ++s) {
      INFO("sequence " << s);
      rows[s].insert(rows[s].end(), added[s].begin(), added[s].end());
      CHECK(*run.length(index_type(s)) == index_type(rows[s].size()));
      if (lengths[s] > 0) CHECK(distance(*run.logits(index_type(s)), last_logits_alone(values, rows[s])) < tolerance);
      else CHECK(run.logits(index_type(s)).error().what == inference_error::problem::no_logits);
    }
  }
}
TEST_CASE("takes ragged prompts in passes like each alone: gpt2") { check_ragged_session<gpt2_like>(); }
TEST_CASE("takes ragged prompts in passes like each alone: llama") { check_ragged_session<llama_like>(); }

template <class R>
void check_rejected(const R& rejected, problem what, index_type sequence, std::int64_t got, std::int64_t limit) {
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == what);
  CHECK(rejected.error().sequence == sequence);
  CHECK(rejected.error().got == got);
  CHECK(rejected.error().limit == limit);
  CHECK(std::string_view{rejected.error().message()}.size() > 10);
}

TEST_CASE("keeps the session unchanged after a rejected call") {
  std::mt19937 generator{17};
  const weights<llama_like> values{random_parameters<llama_like>(21)};
  session<llama_like, batch<2>, context<16>, tokens<6>> run{values}, untouched{values};
  const ids a = random_ids(generator, 7, 50), b = random_ids(generator, 4, 50);
  const std::array<std::span<const std::int32_t>, 2> start{a, b};
  for (auto* each : {&run, &untouched}) REQUIRE(each->prefill(spans{start}));

  const ids ten = random_ids(generator, 10, 50), three = random_ids(generator, 3, 50), beyond{3, 50}, negative{-2};
  using list = std::vector<std::span<const std::int32_t>>;
  const auto prefill = [&](const list& prompts) { return run.prefill(spans{prompts}); };
  check_rejected(prefill({three, beyond}), problem::id_outside_vocabulary, 1, 50, 50);
  check_rejected(prefill({negative, three}), problem::id_outside_vocabulary, 0, -2, 50);
  check_rejected(prefill({ten, three}), problem::context_is_full, 0, 17, 16);
  check_rejected(prefill({three, three, three}), problem::too_many_sequences, 0, 3, 2);
  check_rejected(prefill({{}, {}}), problem::no_tokens, 0, 0, 1);
  check_rejected(prefill({}), problem::no_tokens, 0, 0, 1);
  check_rejected(run.decode(ids{-1, -1}), problem::no_tokens, 0, 0, 1);
  check_rejected(run.decode(ids{1, 50}), problem::id_outside_vocabulary, 1, 50, 50);
  check_rejected(run.decode(ids{1, 2, 3}), problem::too_many_sequences, 0, 3, 2);
  const std::vector<std::uint8_t> valid(14, 1);
  const ids rectangle_ids = random_ids(generator, 14, 50);
  const std::span all_ids{rectangle_ids};
  const std::span all_valid{valid};
  check_rejected(run.prefill(padded_tokens{all_ids.first(6), all_valid.first(6), 3}),
                 problem::prompt_needs_a_fresh_sequence, 0, 7, 0);
  check_rejected(run.prefill(padded_tokens{all_ids.first(9), all_valid.first(9), 3}), problem::too_many_sequences, 0, 3,
                 2);
  check_rejected(run.prefill(padded_tokens{all_ids, all_valid, 7}), problem::too_many_tokens, 0, 7, 6);
  check_rejected(run.prefill(padded_tokens{}), problem::no_tokens, 0, 0, 1);
  check_rejected(run.prefill(padded_tokens{all_ids.first(7), all_valid.first(7), 3}), problem::unequal_rows, 0, 7, 3);
  check_rejected(run.prefill(padded_tokens{all_ids.first(6), all_valid.first(5), 3}), problem::wrong_size, 0, 5, 6);
  check_rejected(run.prefill(padded_tokens{all_ids.first(6), all_valid.first(6), 0}), problem::unequal_rows, 0, 6, 0);

  for (const index_type s : {0, 1}) {
    CHECK(*run.length(s) == *untouched.length(s));
    CHECK(distance(run.logits(s)->data(), untouched.logits(s)->data(), 50) == 0);
  }
  for (int step = 0; step < 9; ++step) {
    const ids next = random_ids(generator, 2, 50);
    for (auto* each : {&run, &untouched}) REQUIRE(each->decode(next));
    for (const index_type s : {0, 1}) CHECK(distance(run.logits(s)->data(), untouched.logits(s)->data(), 50) == 0);
  }
  check_rejected(run.decode(ids{1, 1}), problem::context_is_full, 0, 17, 16);
  CHECK(*run.length(0) == 16);
  REQUIRE(run.decode(ids{-1, 1}));
  CHECK(*run.length(1) == 14);
}

TEST_CASE("continues after forgetting and resetting like a new session") {
  std::mt19937 generator{19};
  const weights<gpt2_like> values{random_parameters<gpt2_like>(23)};
  session<gpt2_like> run{values};
  const ids first = random_ids(generator, 12, 50), second = random_ids(generator, 5, 50);
  REQUIRE(run.prefill(std::span{first}));
  REQUIRE(run.truncate(0, 8));
  REQUIRE(run.prefill(std::span{second}));
  ids joined(first.begin(), first.begin() + 8);
  joined.insert(joined.end(), second.begin(), second.end());
  CHECK(distance(*run.logits(0), last_logits_alone(values, joined)) < tolerance);
  run.reset();
  CHECK(run.length() == 0);
  REQUIRE(run.prefill(std::span{second}));
  CHECK(distance(*run.logits(0), last_logits_alone(values, second)) < tolerance);
}

TEST_CASE("rejects what does not fit a forward pass") {
  const weights<gpt2_like> values{random_parameters<gpt2_like>(1)};
  forward_pass<gpt2_like, batch<2>, tokens<4>> forward{values};
  const ids five{1, 2, 3, 4, 5}, beyond{1, 50}, none;
  const std::vector<std::uint8_t> valid(6, 1);
  const ids six{1, 2, 3, 4, 5, 6};
  check_rejected(forward.run(std::span{five}), problem::too_many_tokens, 0, 5, 4);
  check_rejected(forward.run(std::span{beyond}), problem::id_outside_vocabulary, 0, 50, 50);
  check_rejected(forward.run(std::span{none}), problem::no_tokens, 0, 0, 1);
  check_rejected(forward.run(padded_tokens{six, valid, 2}), problem::too_many_sequences, 0, 3, 2);
  check_rejected(forward.run(padded_tokens{six, valid, 6}), problem::too_many_tokens, 0, 6, 4);
  check_rejected(forward.run(padded_tokens{}), problem::no_tokens, 0, 0, 1);
  check_rejected(forward.run(padded_tokens{six, valid, 4}), problem::unequal_rows, 0, 6, 4);
  check_rejected(forward.run(padded_tokens{six, valid, -3}), problem::unequal_rows, 0, 6, -3);
  check_rejected(forward.run(padded_tokens{six, std::span{valid}.first(3), 3}), problem::wrong_size, 0, 3, 6);
}

}  // namespace
}  // namespace typeformer
