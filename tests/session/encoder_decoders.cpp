// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <typeformer/execution/all.hpp>
#include <typeformer/layers/learned_positions.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

#include "support/catch.hpp"
#include "support/random_parameters.hpp"

namespace typeformer {
namespace {

struct tiny_t5 : t5<t5_config{.layers = 2,
                              .width = 24,
                              .heads = 3,
                              .head_width = 8,
                              .hidden = 40,
                              .vocabulary = 31,
                              .context = 20,
                              .buckets = 8,
                              .maximum_distance = 12}> {};

/// Each token of the target sees the source up to its own position.
struct transducer
    : encoder_decoder<token_embedding<vocabulary<31>, width<24>>,
                      encoder<learned_positions<context<20>>,
                              repeat<2, pre_norm_block<self_attention<heads<3>, causal>, feed_forward<40, relu>>>>,
                      decoder<learned_positions<context<20>>,
                              repeat<2, pre_norm_decoder_block<self_attention<heads<3>, causal>,
                                                               cross_attention<heads<3>, causal, score_scale<0.5>>,
                                                               feed_forward<40, relu>>>,
                              tied_head>> {};
static_assert(transducer::vocabulary == tiny_t5::vocabulary);

const std::vector<std::int32_t> long_source{3, 1, 4, 1, 5, 9, 2, 6, 5}, short_source{7, 30, 8},
    target{0, 11, 12, 13, 14};

double distance(const float* a, const float* b) {
  double worst = 0;
  for (index_type i = 0; i < tiny_t5::vocabulary; ++i) worst = std::max(worst, double(std::abs(a[i] - b[i])));
  return worst;
}

template <Model M> void check_decoding(const std::vector<std::int32_t>& text) {
  const weights<M> values{testing::random_parameters<M>(3)};
  forward_pass<M> forward{values};
  const std::vector<std::uint8_t> all_source(text.size(), 1), all_target(target.size(), 1);
  const auto expected = forward.run(padded_tokens{text, all_source, index_type(text.size())},
                                    padded_tokens{target, all_target, index_type(target.size())});
  REQUIRE(expected);
  session<M, tokens<2>> run{values};
  REQUIRE(run.read(std::span<const std::int32_t>{text}));
  for (std::size_t i = 0; i < target.size(); ++i) {
    const auto logits = run.decode(target[i]);
    REQUIRE(logits);
    CHECK(distance(logits->data(), (*expected)[index_type(i)]) < 1e-5);
  }
  REQUIRE(run.read(std::span<const std::int32_t>{text}));
  const auto at_once = run.prefill(target);  // in calls of two tokens
  REQUIRE(at_once);
  CHECK(distance(at_once->data(), (*expected)[index_type(target.size()) - 1]) < 1e-5);
}

TEST_CASE("decodes token by token as in one prompt and as it evaluates, reading the source once") {
  check_decoding<tiny_t5>(long_source);
  check_decoding<transducer>(long_source);
  check_decoding<transducer>(short_source);
}

TEST_CASE("sees the source up to a token's own position, in every way to run") {
  const weights<transducer> values{testing::random_parameters<transducer>(6)};
  forward_pass<transducer> forward{values};
  session<transducer> run{values};
  const std::vector<std::uint8_t> all_source(long_source.size(), 1), all_target(target.size(), 1);
  const padded_tokens targets{target, all_target, index_type(target.size())};
  const auto logits_with = [&](const std::vector<std::int32_t>& source) {
    const auto y = forward.run(padded_tokens{source, all_source, index_type(source.size())}, targets);
    REQUIRE(y);
    return std::vector<float>(y->data, y->data + index_type(target.size()) * transducer::vocabulary);
  };
  const auto expected = logits_with(long_source);
  for (std::size_t changed = 0; changed < long_source.size(); ++changed) {
    auto other = long_source;
    other[changed] = 30;
    const auto found = logits_with(other);
    REQUIRE(run.read(std::span<const std::int32_t>{other}));
    for (std::size_t i = 0; i < target.size(); ++i) {
      const float* const before = expected.data() + i * transducer::vocabulary;
      const double change = distance(found.data() + i * transducer::vocabulary, before);
      if (i < changed) CHECK(change == 0);
      else CHECK(change > 1e-5);
      const auto decoded = run.decode(target[i]);
      REQUIRE(decoded);
      if (i < changed) CHECK(distance(decoded->data(), before) < 1e-5);
    }
  }
}

template <Model M> void check_exchange() {
  const weights<M> values{testing::random_parameters<M>(4)};
  session<M> alone{values};
  std::vector<std::vector<float>> expected;
  for (const auto* source : {&long_source, &short_source}) {
    REQUIRE(alone.read(std::span<const std::int32_t>{*source}));
    const auto logits = alone.prefill(target);
    REQUIRE(logits);
    expected.emplace_back(logits->begin(), logits->end());
  }
  CHECK(distance(expected[0].data(), expected[1].data()) > 1e-3);

  session<M, batch<2>> both{values};
  const std::vector<std::span<const std::int32_t>> sources{long_source, short_source};
  const std::span<const std::int32_t> all{target};
  const std::vector<std::span<const std::int32_t>> begun{all.first(4), all.first(4)};
  REQUIRE(both.read(std::span<const std::span<const std::int32_t>>{sources}));
  REQUIRE(both.prefill(std::span<const std::span<const std::int32_t>>{begun}));
  const std::vector<index_type> exchanged{1, 0};
  REQUIRE(both.reorder(exchanged));
  REQUIRE(both.decode(std::vector<std::int32_t>{target[4], target[4]}));
  CHECK(distance(both.logits(0)->data(), expected[1].data()) < 1e-5);
  CHECK(distance(both.logits(1)->data(), expected[0].data()) < 1e-5);
}

TEST_CASE("separates sequences with sources of different lengths, and exchanges them") {
  check_exchange<tiny_t5>();
  check_exchange<transducer>();
}

TEST_CASE("counts hidden tokens of a source for causal cross-attention") {
  const weights<transducer> values{testing::random_parameters<transducer>(7)};
  session<transducer> run{values};
  const std::vector<std::int32_t> padded{29, 28, 7, 30, 8, 3};
  const std::vector<std::uint8_t> valid{0, 0, 1, 1, 1, 1};
  const auto logits_with = [&](const std::vector<std::int32_t>& source) {
    REQUIRE(run.read(padded_tokens{source, valid, 6}));
    std::vector<std::vector<float>> all;
    for (const std::int32_t id : target) {
      const auto logits = run.decode(id);
      REQUIRE(logits);
      all.emplace_back(logits->begin(), logits->end());
    }
    return all;
  };
  const auto expected = logits_with(padded);
  for (std::size_t changed = 0; changed < padded.size(); ++changed) {
    auto other = padded;
    other[changed] = 1;
    const auto found = logits_with(other);
    for (std::size_t i = 0; i < target.size(); ++i) {
      const double change = distance(found[i].data(), expected[i].data());
      if (i < changed || !valid[changed]) CHECK(change == 0);
      else CHECK(change > 1e-5);
    }
  }
}

TEST_CASE("ignores hidden tokens of a source, and requires a source that fits") {
  const weights<tiny_t5> values{testing::random_parameters<tiny_t5>(5)};
  session<tiny_t5> run{values};
  CHECK(run.prefill(target).error().what == inference_error::problem::source_is_missing);
  const std::vector<std::uint8_t> all_there(target.size(), 1);
  CHECK(run.prefill(padded_tokens{target, all_there, index_type(target.size())}).error().what ==
        inference_error::problem::source_is_missing);
  std::vector<std::int32_t> padded = short_source;
  padded.insert(padded.end(), {29, 28});
  const std::vector<std::uint8_t> valid{1, 1, 1, 0, 0};
  CHECK(run.read(padded_tokens{padded, valid, 4}).error().what == inference_error::problem::unequal_rows);
  REQUIRE(run.read(padded_tokens{padded, valid, 5}));
  const auto with_padding = run.prefill(target);
  REQUIRE(with_padding);
  const std::vector<float> kept(with_padding->begin(), with_padding->end());
  REQUIRE(run.read(std::span<const std::int32_t>{short_source}));
  CHECK(distance(run.prefill(target)->data(), kept.data()) < 1e-5);

  const std::vector<std::int32_t> outside{1, 31}, too_long(21, 1);
  CHECK(run.read(std::span<const std::int32_t>{outside}).error().what ==
        inference_error::problem::id_outside_vocabulary);
  CHECK(run.read(std::span<const std::int32_t>{too_long}).error().what == inference_error::problem::too_many_tokens);
  CHECK(run.length() == index_type(target.size()));
}

TEST_CASE("ignores earlier tokens of a batch if nothing is cached") {
  const auto values = testing::random_parameters<transducer>(7);
  const std::vector<index_type> first_row{0, index_type(target.size())}, source_row{0, index_type(long_source.size())},
      past{3};
  const std::vector<std::int32_t> places{0, 1, 2, 3, 4, 5, 6, 7, 8}, labels{11, 12, 13, 14, 1};
  token_batch source;
  source.sequences = 1;
  source.rows = source_row[1];
  source.first_row = source_row.data();
  source.ids = long_source.data();
  source.positions = places.data();
  token_batch batch;
  batch.sequences = 1;
  batch.rows = first_row[1];
  batch.first_row = first_row.data();
  batch.ids = target.data();
  batch.positions = places.data();
  batch.labels = labels.data();
  batch.source = &source;
  training_pass<transducer, causal_language_model> learn;
  std::vector<float> of_none(std::size_t(values.size())), of_three(of_none.size());
  const auto expected = learn.run(values.data(), of_none.data(), batch);
  batch.past = past.data();
  const auto found = learn.run(values.data(), of_three.data(), batch);
  REQUIRE((expected && found));
  CHECK(*found == *expected);
  CHECK((of_three == of_none));
}

TEST_CASE("gives the row of what is rejected, and whether it is in the source") {
  const weights<tiny_t5> values{testing::random_parameters<tiny_t5>(5)};
  session<tiny_t5> run{values};
  forward_pass<tiny_t5, batch<2>> forward{values};
  const std::vector<std::int32_t> good{1, 2, 3, 4}, bad{1, 2, 3, 31};
  const std::vector<std::uint8_t> all(4, 1);
  const auto check = [](const auto& rejected, inference_error::problem what, index_type sequence, index_type row,
                        bool in_source) {
    REQUIRE_FALSE(rejected);
    CHECK(rejected.error().what == what);
    CHECK(rejected.error().sequence == sequence);
    CHECK(rejected.error().row == row);
    CHECK(rejected.error().in_source == in_source);
  };
  using problem = inference_error::problem;
  check(run.read(std::span<const std::int32_t>{bad}), problem::id_outside_vocabulary, 0, 3, true);
  check(run.read(padded_tokens{good, all, 3}), problem::unequal_rows, 0, -1, true);
  REQUIRE(run.read(std::span<const std::int32_t>{good}));
  check(run.prefill(bad), problem::id_outside_vocabulary, 0, 3, false);
  check(run.prefill(padded_tokens{bad, all, 4}), problem::id_outside_vocabulary, 0, 3, false);

  check(forward.run(padded_tokens{bad, all, 2}, padded_tokens{good, all, 2}), problem::id_outside_vocabulary, 1, 1,
        true);
  check(forward.run(padded_tokens{good, all, 2}, padded_tokens{bad, all, 2}), problem::id_outside_vocabulary, 1, 1,
        false);
  const auto two_sources = forward.run(padded_tokens{good, all, 2}, padded_tokens{good, all, 4});
  check(two_sources, problem::unequal_sources, 0, -1, false);
  CHECK(two_sources.error().got == 2);
  CHECK(two_sources.error().limit == 1);
  check(forward.run(padded_tokens{good, all, 4}, padded_tokens{good, all, 2}), problem::source_is_missing, 1, -1,
        false);
}

}  // namespace
}  // namespace typeformer
