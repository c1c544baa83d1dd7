// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/pair_batches.hpp>
#include <typeformer/hosted/data/span_batches.hpp>
#include <typeformer/hosted/training/trainer.hpp>
#include <typeformer/models/t5.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/schedules/linear_schedule.hpp>

namespace typeformer {
namespace {

using tokens = std::vector<std::int32_t>;
using problem = training_error::problem;
using small_pairs = pair_batches<4, 6, 5>;
static_assert(TrainingData<small_pairs> && TrainingData<span_batches<4, 16, 16>>);

constexpr std::int32_t start = 50, end = 51;

/// The contents of a batch. Positions are checked while it is copied.
struct copied {
  std::vector<sequence_pair> pairs;
  std::vector<tokens> ids, labels;
  friend bool operator==(const copied&, const copied&) = default;
};
copied copy_of(const token_batch& batch) {
  REQUIRE(batch.source);
  REQUIRE(batch.source->sequences == batch.sequences);
  copied copy;
  for (index_type s = 0; s < batch.sequences; ++s) {
    const auto part = [&](const token_batch& of, const std::int32_t* all) {
      return tokens(all + of.first_row[s], all + of.first_row[s + 1]);
    };
    for (const token_batch* of : {&batch, batch.source}) {
      tokens places(std::size_t(of->rows_of(s)));
      std::iota(places.begin(), places.end(), 0);
      REQUIRE(part(*of, of->positions) == places);
    }
    copy.ids.push_back(part(batch, batch.ids));
    copy.labels.push_back(part(batch, batch.labels));
    copy.pairs.push_back({part(*batch.source, batch.source->ids), copy.labels.back()});
    copy.pairs.back().target.pop_back();
  }
  CHECK(batch.rows == batch.first_row[batch.sequences]);
  CHECK(batch.source->rows == batch.source->first_row[batch.sequences]);
  return copy;
}

/// Pairs of all lengths, each with a different number.
std::vector<sequence_pair> numbered(std::int32_t count, std::int32_t first = 0) {
  std::vector<sequence_pair> pairs;
  for (std::int32_t i = first; i < first + count; ++i)
    pairs.push_back({tokens(std::size_t(1 + i % 6), i), tokens(std::size_t(i % 5), i)});
  return pairs;
}
result<small_pairs, training_error> made(std::uint64_t seed, std::int32_t count = 10) {
  return small_pairs::of(numbered(count), numbered(6, 40), 52, {.seed = seed, .ends = {start, end}});
}

TEST_CASE("starts the decoder's input with the start and ends its labels with the end: pairs") {
  auto data = small_pairs::of({{{7, 8, 9}, {1, 2}}}, {{{7}, {}}}, 52, {.ends = {start, end}});
  REQUIRE(data);
  const copied batch = copy_of(data->training_batch(5));  // one pair, four times
  REQUIRE(batch.ids.size() == 4);
  for (std::size_t s = 0; s < 4; ++s) {
    CHECK(batch.ids[s] == tokens{start, 1, 2});
    CHECK(batch.labels[s] == tokens{1, 2, end});
    CHECK(batch.pairs[s].source == tokens{7, 8, 9});
  }
  CHECK(copy_of(data->validation_batch(0)).ids == std::vector<tokens>{{start}});
  CHECK(copy_of(data->validation_batch(0)).labels == std::vector<tokens>{{end}});
}

TEST_CASE("makes a batch from seed and number, whatever was requested before: pairs") {
  auto data = made(3), again = made(3), other = made(4);
  REQUIRE((data && again && other));
  std::vector<copied> batches;
  for (std::uint64_t n = 0; n < 6; ++n) batches.push_back(copy_of(data->training_batch(n)));
  for (const std::uint64_t n : {5u, 0u, 3u, 3u, 1u})
    CHECK(copy_of(again->training_batch(n)) == batches[std::size_t(n)]);
  CHECK(copy_of(other->training_batch(0)) != batches[0]);
  small_pairs moved = std::move(*again);
  CHECK(copy_of(moved.training_batch(2)) == batches[2]);
}

TEST_CASE("uses each pair once per epoch, in an order that differs between epochs") {
  auto data = made(3);
  REQUIRE(data);
  CHECK(data->batches_per_epoch() == 3);
  std::vector<sequence_pair> seen;
  for (std::uint64_t n = 0; n < 5; ++n)
    for (const auto& pair : copy_of(data->training_batch(n)).pairs) seen.push_back(pair);
  REQUIRE(seen.size() == 20);
  CHECK(std::is_permutation(seen.begin(), seen.begin() + 10, data->training().begin()));
  CHECK(std::is_permutation(seen.begin() + 10, seen.end(), data->training().begin()));
  CHECK_FALSE(std::equal(seen.begin(), seen.begin() + 10, seen.begin() + 10));
}

TEST_CASE("validates pairs in the order of their list") {
  auto data = made(3);
  REQUIRE(data);
  REQUIRE(data->validation_batches() == 2);
  std::vector<sequence_pair> seen = copy_of(data->validation_batch(0)).pairs;
  REQUIRE(seen.size() == 4);
  for (const auto& pair : copy_of(data->validation_batch(1)).pairs) seen.push_back(pair);
  CHECK(seen == numbered(6, 40));
}

TEST_CASE("rejects pairs that do not fit, with their number") {
  const std::vector<sequence_pair> good{{{1}, {2}}};
  const auto rejected = [&](const sequence_pair& pair) {
    const auto data = small_pairs::of({good[0], pair}, good, 52, {.ends = {start, end}});
    REQUIRE_FALSE(data);
    return data.error();
  };
  CHECK(rejected({tokens(7, 1), {2}}).message() ==
        "training pair 1: expected a source of 1 to 6 tokens and a target of at most 4, found 7 and 1");
  CHECK(rejected({{1}, tokens(5, 1)}).what == problem::bad_option);
  CHECK(rejected({{}, {2}}).what == problem::bad_option);
  CHECK(rejected({{1}, {52}}).message() == "training pair 1: expected a token from 0 to 51, found 52");
  CHECK(rejected({{-1}, {2}}).what == problem::outside_vocabulary);
  CHECK(small_pairs::of(good, {}, 52).error().what == problem::not_enough_data);
  CHECK(small_pairs::of({}, good, 52).error().what == problem::not_enough_data);
  CHECK(small_pairs::of(good, good, 52, {.ends = {0, 52}}).error().what == problem::outside_vocabulary);
  CHECK(small_pairs::of(good, {{{1}, {77}}}, 52).error().message().starts_with("validation pair 0"));
}

// --- span corruption -----------------------------------------------------------------------------------------------

constexpr sentinel_ids sentinels{119, 20};  // texts have the ids 0 to 99

std::vector<token_document> counting_documents(std::size_t documents, std::int32_t first) {
  std::vector<token_document> made;
  for (std::size_t d = 0; d < documents; ++d) {
    tokens all(20 + 9 * d);
    std::iota(all.begin(), all.end(), first + std::int32_t(d));
    for (auto& id : all) id = 2 + id % 98;
    made.push_back({tokens(all.begin(), all.begin() + 7), tokens(all.begin() + 7, all.end())});
  }
  return made;
}
/// The text before its spans were taken out. Fails if a sentinel is not the next one, or is in one sequence only.
tokens restored(const sequence_pair& pair) {
  tokens text;
  std::int32_t next = sentinels.first;
  std::size_t at = 0;
  REQUIRE(pair.source.back() == 1);
  for (std::size_t i = 0; i + 1 < pair.source.size(); ++i) {
    if (pair.source[i] < 100) {
      text.push_back(pair.source[i]);
      continue;
    }
    REQUIRE((pair.source[i] == next && at < pair.target.size() && pair.target[at] == next));
    --next;
    for (++at; at < pair.target.size() && pair.target[at] < 100; ++at) text.push_back(pair.target[at]);
  }
  REQUIRE(at == pair.target.size());
  return text;
}
/// Three shards, which are read one at a time.
struct sharded {
  std::vector<std::vector<token_document>> documents{counting_documents(4, 0), counting_documents(5, 10),
                                                     counting_documents(3, 50)};
  std::size_t shards() const { return documents.size(); }
  std::vector<token_document> read(std::size_t shard) const { return documents.at(shard); }
};
using small_spans = span_batches<4, 24, 12, sharded>;

TEST_CASE("restores every batch of spans to texts of the documents; each text comes once per epoch") {
  using all_in_memory = span_batches<4, 24, 12>;
  const auto documents = counting_documents(6, 0);
  auto data =
      all_in_memory::of(token_documents{documents}, counting_documents(2, 60), {.seed = 5, .sentinels = sentinels});
  REQUIRE(data);
  // The result of T5's own computation of lengths for sources of 24 tokens.
  CHECK(data->text_tokens() == noise_spans{}.lengths_for(24).tokens);
  std::vector<tokens> expected;
  for (const auto& document : documents) {
    tokens whole = document[0];
    whole.insert(whole.end(), document[1].begin(), document[1].end());
    const auto most = std::size_t(data->text_tokens());
    for (std::size_t i = 0; i + 2 <= whole.size(); i += most)
      expected.emplace_back(whole.begin() + std::ptrdiff_t(i),
                            whole.begin() + std::ptrdiff_t(std::min(i + most, whole.size())));
  }
  std::vector<tokens> seen;
  for (std::uint64_t n = 0; n < std::uint64_t(data->batches_per_epoch()); ++n) {
    const copied batch = copy_of(*data->training_batch(n));
    for (std::size_t s = 0; s < batch.pairs.size(); ++s) {
      CHECK(batch.pairs[s].source.size() <= 24);
      CHECK(batch.ids[s].size() <= 12);
      CHECK(batch.ids[s].front() == 0);
      CHECK(batch.labels[s].back() == 1);
      seen.push_back(restored(batch.pairs[s]));
    }
  }
  REQUIRE(seen.size() >= expected.size());
  seen.resize(expected.size());
  CHECK(std::is_permutation(seen.begin(), seen.end(), expected.begin()));
}

TEST_CASE("makes a batch of spans from seed and number, with new spans in every epoch") {
  const auto made_spans = [](std::uint64_t seed) {
    // Texts of several spans: the only span of a text is always its end.
    return *small_spans::of({}, counting_documents(2, 60),
                            {.seed = seed, .spans = *noise_spans::of(0.25, 2), .sentinels = sentinels});
  };
  small_spans data = made_spans(1), again = made_spans(1), other = made_spans(2);
  std::vector<copied> batches;
  for (std::uint64_t n = 0; n < 12; ++n) batches.push_back(copy_of(*data.training_batch(n)));
  for (const std::uint64_t n : {11u, 2u, 7u, 7u, 0u})
    CHECK(copy_of(*again.training_batch(n)) == batches[std::size_t(n)]);
  CHECK(copy_of(*other.training_batch(0)) != batches[0]);
  std::map<tokens, std::vector<tokens>> sources_of;
  for (const copied& batch : batches)
    for (const auto& pair : batch.pairs) sources_of[restored(pair)].push_back(pair.source);
  CHECK(std::any_of(sources_of.begin(), sources_of.end(),
                    [](const auto& text) { return text.second.size() > 1 && text.second[0] != text.second[1]; }));
  // Held-out texts are always corrupted in the same way.
  const copied held_out = copy_of(data.validation_batch(0));
  CHECK(copy_of(data.validation_batch(0)) == held_out);
  CHECK(data.validation() == again.validation());
  CHECK(data.validation() != other.validation());
}

TEST_CASE("rejects spans with too few sentinels, too little room or too few documents") {
  const auto documents = counting_documents(2, 0);
  const auto rejected = [&](span_batch_options options, const std::vector<token_document>& held_out) {
    const auto data = small_spans::of({}, held_out, options);
    REQUIRE_FALSE(data);
    return data.error();
  };
  CHECK(rejected({.sentinels = {119, 0}}, documents).what == problem::bad_option);
  CHECK(rejected({.sentinels = {5, 20}}, documents).what == problem::bad_option);
  CHECK(rejected({.sentinels = sentinels}, {}).what == problem::not_enough_data);
  CHECK(rejected({.sentinels = sentinels}, {{{5, 100}}}).message() ==
        "document 0, part 0, token 1: expected tokens from 0 to 99, found 100");
  CHECK(rejected({.sentinels = {60, 20}}, {{{2, 3, 4}}}).what == problem::outside_vocabulary);
  CHECK(rejected({.spans = *noise_spans::of(0, 3), .sentinels = sentinels}, documents).what == problem::bad_option);
  CHECK(rejected({.sentinels = sentinels, .texts_per_visit = ~std::uint64_t{0}}, documents)
            .message()
            .starts_with("texts_per_visit: expected a number from 0 to "));
  using no_room = span_batches<4, 2, 2, sharded>;
  CHECK(no_room::of({}, documents, {.sentinels = sentinels}).error().what == problem::bad_option);
}

// --- training ------------------------------------------------------------------------------------------------------

struct tiny_t5 : t5<t5_config{.layers = 1,
                              .width = 32,
                              .heads = 4,
                              .head_width = 8,
                              .hidden = 64,
                              .vocabulary = 16,
                              .context = 8,
                              .buckets = 8,
                              .maximum_distance = 8}> {};

TEST_CASE("learns to sort its source from pairs: an encoder-decoder") {
  philox random{9, 9};
  const auto sorted_ones = [&](std::size_t count) {
    std::vector<sequence_pair> pairs(count);
    for (auto& [source, target] : pairs) {
      source.resize(1 + uniform_below(4, random));
      for (auto& id : source) id = 2 + std::int32_t(uniform_below(14, random));
      target = source;
      std::ranges::sort(target);
    }
    return pairs;
  };
  auto training = sorted_ones(2000);
  auto data = pair_batches<16, 4, 5>::of(std::move(training), sorted_ones(40), 16, {.seed = 1});
  REQUIRE(data);
  trainer<tiny_t5, causal_language_model, adamw, batch<16>, ::typeformer::tokens<5>, source<4>> train{
      {.learning_rate = linear_schedule{.learning_rate = 5e-3, .warm_up_steps = 100, .steps = 1500},
       .steps = 1500,
       .evaluation_interval = 1500}};
  train.initialize(2);
  const auto before = train.evaluate(*data);
  const auto summary = train.run(*data);
  const auto after = train.evaluate(*data);
  REQUIRE((before && summary && after));
  CHECK(before->parts[0].accuracy < 0.3);
  CHECK(after->parts[0].accuracy > 0.95);
}

}  // namespace
}  // namespace typeformer
