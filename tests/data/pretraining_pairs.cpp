// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>

#include <data/pretraining_support.hpp>
#include <support/catch.hpp>
#include <typeformer/hosted/data/sentence_pairs.hpp>

namespace tf = typeformer;
using namespace tf::testing;

namespace {

/// Documents in which no token occurs twice, so that every token gives its document and place.
struct numbered_documents {
  std::vector<tf::token_document> documents;
  std::map<std::int32_t, std::pair<std::size_t, std::size_t>> place_of;
  tf::pretraining_vocabulary vocabulary;

  explicit numbered_documents(std::size_t count, std::uint64_t seed = 1)
      : documents{random_documents(count, vocabulary_of(100), seed)}, vocabulary{vocabulary_of(100)} {
    std::int32_t next = 200'000;
    for (std::size_t d = 0; d < documents.size(); ++d) {
      std::size_t place = 0;
      for (auto& sentence : documents[d])
        for (std::int32_t& token : sentence) {
          const bool continues = vocabulary.role_of(token) == tf::token_role::continues_word;
          place_of[next] = {d, place++};
          continuing_.push_back(continues);
          token = next++;
        }
    }
    auto made = tf::pretraining_vocabulary::of(
        next, {2, 3, 4}, [&](std::int32_t id) { return id >= 200'000 && continuing_[std::size_t(id - 200'000)]; });
    REQUIRE(made);
    vocabulary = *made;
  }

  /// The document of a segment whose tokens are contiguous in it.
  std::size_t document_of(std::span<const std::int32_t> segment) const {
    const auto [document, first] = place_of.at(segment.front());
    for (std::size_t i = 0; i < segment.size(); ++i) REQUIRE(place_of.at(segment[i]) == std::pair{document, first + i});
    return document;
  }
  std::size_t place(std::int32_t token) const { return place_of.at(token).second; }

 private:
  std::vector<bool> continuing_;
};

std::vector<tf::pretraining_instance> pairs_of(const numbered_documents& text, tf::sentence_pair_options options,
                                               std::uint64_t seed) {
  tf::philox generator{seed};
  return tf::sentence_pairs{text.vocabulary, options}(text.documents, generator);
}

bool is_half(double count, double of) { return std::abs(count / of - 0.5) < 3 * 0.5 / std::sqrt(of); }

}  // namespace

TEST_CASE("pairs half of the sentences with the next one, half with one of another document", "[pretraining]") {
  const numbered_documents text(2000);
  double free = 0, random = 0, forced = 0, whole_next = 0, next = 0;
  for (const tf::pretraining_instance& pair : pairs_of(text, {.tokens = 64}, 5)) {
    REQUIRE(pair.tokens.size() <= 64);
    const auto a = segment_of(pair, 0), b = segment_of(pair, 1);
    const std::size_t document_a = text.document_of(a), document_b = text.document_of(b);
    REQUIRE((document_a == document_b) == (pair.label == 0));
    if (pair.label == 0) {
      REQUIRE(text.place(b.front()) > text.place(a.back()));
      ++next;
      whole_next += text.place(b.front()) == text.place(a.back()) + 1;  // unless truncation cut between them
    }
    free += pair.label_was_free;
    random += pair.label_was_free && pair.label == 1;
    forced += !pair.label_was_free;
    if (!pair.label_was_free) REQUIRE(pair.label == 1);
  }
  CHECK(free > 4000);
  CHECK(is_half(random, free));
  CHECK(forced > 0);
  CHECK(whole_next > next / 4);
}

TEST_CASE("pairs only consecutive sentences if there is no other document", "[pretraining]") {
  const auto vocabulary = vocabulary_of(105);
  const tf::sentence_pairs pairs{vocabulary, {.tokens = 24, .short_fraction = 0.3, .label_1_fraction = 1}};
  tf::token_document document;
  for (std::int32_t first = 10; first < 50; first += 4) document.push_back({first, first + 1, first + 2, first + 3});
  const std::vector<std::vector<tf::token_document>> corpora{{document}, {{}, document, {{}, {}}}};
  for (const auto& corpus : corpora)
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      tf::philox generator{seed};
      const auto made = pairs(corpus, generator);
      CHECK_FALSE(made.empty());
      for (const tf::pretraining_instance& pair : made) {
        REQUIRE(pair.label == 0);
        REQUIRE_FALSE(pair.label_was_free);
        REQUIRE(segment_of(pair, 1).front() > segment_of(pair, 0).back());
      }
    }
  tf::philox generator{1};
  CHECK(pairs(std::vector<tf::token_document>{{{10, 11, 12}}}, generator).empty());  // one sentence has no next one
}

TEST_CASE("rejects fractions of pairs outside zero to one", "[pretraining]") {
  const auto vocabulary = vocabulary_of(105);
  for (const double wrong :
       {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    CHECK_FALSE(tf::sentence_pairs{vocabulary, {.short_fraction = wrong}}.check({}));
    CHECK_FALSE(tf::sentence_pairs{vocabulary, {.label_1_fraction = wrong}}.check({}));
  }
  CHECK(tf::sentence_pairs{vocabulary}.check({}));
}

TEST_CASE("puts unused sentences back", "[pretraining]") {
  const numbered_documents text(300);
  std::set<std::int32_t> used;
  const tf::index_type long_enough = 1000;  // nothing is truncated: a document has at most 720 tokens
  for (const auto& pair : pairs_of(text, {.tokens = long_enough, .short_fraction = 0}, 6)) {
    for (const std::int32_t token : segment_of(pair, 0)) REQUIRE(used.insert(token).second);
    if (pair.label == 0)
      for (const std::int32_t token : segment_of(pair, 1)) REQUIRE(used.insert(token).second);
  }
  CHECK(used.size() == text.place_of.size());  // each token once, in addition to those drawn from other documents
}

TEST_CASE("keeps the order of half of the sentences and swaps the others", "[pretraining]") {
  const numbered_documents text(2000);
  const auto pairs = pairs_of(text, {.relation = tf::pair_relation::sentence_order, .tokens = 64}, 7);
  double swapped = 0;
  for (const tf::pretraining_instance& pair : pairs) {
    REQUIRE(pair.label_was_free);
    auto first = segment_of(pair, 0), second = segment_of(pair, 1);
    if (pair.label == 1) std::swap(first, second);
    REQUIRE(text.document_of(first) == text.document_of(second));
    REQUIRE(text.place(second.front()) > text.place(first.back()));
    swapped += pair.label == 1;
  }
  CHECK(pairs.size() > 4000);
  CHECK(is_half(swapped, double(pairs.size())));

  std::set<std::int32_t> used;
  const auto whole =
      pairs_of(text, {.relation = tf::pair_relation::sentence_order, .tokens = 1000, .short_fraction = 0}, 8);
  CHECK(whole.size() == text.documents.size());
  for (const auto& pair : whole)
    for (const int which : {0, 1})
      for (const std::int32_t token : segment_of(pair, which)) REQUIRE(used.insert(token).second);
  CHECK(used.size() == text.place_of.size());
}

TEST_CASE("cuts a long single sentence between words for the order", "[pretraining]") {
  const auto vocabulary = vocabulary_of(105);  // from 55 on, pieces continue a word
  const tf::sentence_pairs pairs{vocabulary, {.relation = tf::pair_relation::sentence_order, .tokens = 32}};
  std::set<std::size_t> cuts;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    tf::philox generator{seed};
    const auto made = pairs(std::vector<tf::token_document>{{{10, 60, 11, 61, 62, 12}}}, generator);
    REQUIRE(made.size() == 1);
    auto first = segment_of(made[0], 0), second = segment_of(made[0], 1);
    if (made[0].label == 1) std::swap(first, second);
    REQUIRE((first.size() == 2 || first.size() == 5));
    CHECK(first.front() == 10);
    CHECK(second.front() == (first.size() == 2 ? 11 : 12));
    cuts.insert(first.size());
  }
  CHECK(cuts.size() == 2);
  tf::philox generator{1};
  CHECK(pairs(std::vector<tf::token_document>{{{10, 60}}, {}, {{}}}, generator).empty());  // a word has no order
}

TEST_CASE("cuts a tenth of the documents into shorter pairs", "[pretraining]") {
  std::vector<tf::token_document> documents(3000);
  for (auto& document : documents) document.assign(60, std::vector<std::int32_t>{10, 11, 12});
  tf::philox generator{9};
  const tf::sentence_pairs pairs{vocabulary_of(105), {.relation = tf::pair_relation::sentence_order, .tokens = 63}};
  double documents_cut_short = 0;
  for (const auto& document : documents) {
    const auto made = pairs(std::span(&document, 1), generator);
    documents_cut_short += made.front().tokens.size() < 63;
  }
  // Lengths 2 to 60; those from 58 on still fill 60 with sentences of three tokens.
  const double fraction = 0.1 * 56 / 59;
  CHECK(std::abs(documents_cut_short / 3000 - fraction) < 3 * std::sqrt(fraction * (1 - fraction) / 3000));
}

TEST_CASE("removes tokens of the longer segment on both sides of pairs that are too long", "[pretraining]") {
  std::vector<std::int32_t> first(39), second(100);
  std::iota(first.begin(), first.end(), 10);
  std::iota(second.begin(), second.end(), 100);
  const std::vector<tf::token_document> documents{{first, second}};
  const tf::sentence_pairs pairs{vocabulary_of(1000),
                                 {.relation = tf::pair_relation::sentence_order, .tokens = 43, .short_fraction = 0}};
  double front = 0, back = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    tf::philox generator{seed};
    const auto made = pairs(documents, generator);
    REQUIRE(made.size() == 1);
    auto a = segment_of(made[0], 0), b = segment_of(made[0], 1);
    if (made[0].label == 1) std::swap(a, b);
    REQUIRE(a.size() == 20);
    REQUIRE(b.size() == 20);
    front += (a.front() - 10) + (b.front() - 100);
    back += (48 - a.back()) + (199 - b.back());
  }
  CHECK(front + back == 200 * 99);
  CHECK(is_half(front, front + back));
}

TEST_CASE("keeps the rules of Google's instances in the library's own pairs", "[pretraining]") {
  const auto relation = GENERATE(tf::pair_relation::next_sentence, tf::pair_relation::sentence_order);
  const bool whole_words = GENERATE(false, true);
  const auto vocabulary = vocabulary_of(2005);
  const auto documents = random_documents(1500, vocabulary, 11);
  tf::philox generator{12};
  const tf::masking hiding{.mask_id = vocabulary.mask(), .vocabulary = vocabulary.size(), .whole_words = whole_words};
  double n = 0, masked = 0, kept = 0;
  for (auto& pair : tf::sentence_pairs{vocabulary, {.relation = relation}}(documents, generator))
    for (int repeated = 0; repeated < 4; ++repeated) {
      const tf::masked_instance instance = tf::masked(pair, hiding, generator);
      REQUIRE(broken_rule(instance, vocabulary, {.whole_words = whole_words}).empty());
      REQUIRE(instance.tokens == pair.tokens);
      for (std::size_t i = 0; i < instance.ids.size(); ++i) {
        if (instance.labels[i] == tf::no_label) continue;
        ++n;
        masked += instance.ids[i] == vocabulary.mask();
        kept += instance.ids[i] == instance.labels[i];
      }
    }
  REQUIRE(n > 100'000);
  CHECK(std::abs(masked / n - (0.8 + 0.1 / 2005)) < 3 * std::sqrt(0.8 * 0.2 / n));
  CHECK(std::abs(kept / n - (0.1 + 0.1 / 2005)) < 3 * std::sqrt(0.1 * 0.9 / n));
}

TEST_CASE("makes pairs as a function of the generator", "[pretraining]") {
  const numbered_documents text(50);
  const auto tokens = [&](std::uint64_t seed) {
    std::vector<std::vector<std::int32_t>> all;
    for (const auto& pair : pairs_of(text, {}, seed)) all.push_back(pair.tokens);
    return all;
  };
  CHECK(tokens(1) == tokens(1));
  CHECK(tokens(1) != tokens(2));
}
