// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/hosted/data/masking.hpp>

namespace tf = typeformer;
using tf::token_role;

namespace {

constexpr std::int32_t mask_id = 1;
constexpr tf::index_type vocabulary = 1000;

struct sequence {
  std::vector<std::int32_t> tokens, ids, labels, workspace;
  std::vector<token_role> roles;

  /// [CLS], words of one to four pieces, [SEP]. A token's id gives its place.
  explicit sequence(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      tokens.push_back(std::int32_t(100 + i));
      roles.push_back(i % 4 == 1 || i % 7 == 1 ? token_role::begins_word : token_role::continues_word);
    }
    roles.front() = roles.back() = token_role::never_hidden;
    ids = labels = workspace = tokens;
  }
  tf::index_type hide(const tf::masking& masking, tf::philox& generator) {
    ids = tokens;
    return masking.hide(ids, labels, roles, workspace, generator);
  }
};

struct counts {
  double all = 0, masked = 0, random = 0, kept = 0;
};

}  // namespace

TEST_CASE("rounds the number of predictions as BERT does", "[masking]") {
  const tf::masking masking{.mask_id = mask_id, .vocabulary = vocabulary};
  // Python: min(20, max(1, round(0.15 * n))), halves to even.
  const std::pair<tf::index_type, tf::index_type> expected[] = {{1, 1},    {3, 1},    {9, 1},   {10, 2},  {17, 3},
                                                                {30, 4},   {50, 8},   {70, 10}, {90, 14}, {110, 16},
                                                                {130, 20}, {128, 19}, {512, 20}};
  for (const auto& [tokens, predictions] : expected) CHECK(masking.predictions(tokens) == predictions);
  CHECK(tf::masking{.fraction = 0.15, .max_predictions = 80}.predictions(512) == 77);
}

TEST_CASE("masks 80 % of the chosen tokens, replaces 10 % and keeps 10 %; labels restore all", "[masking]") {
  const bool whole_words = GENERATE(false, true);
  const tf::masking masking{.mask_id = mask_id, .vocabulary = vocabulary, .whole_words = whole_words};
  sequence text(120);
  std::vector<double> chosen_at(text.tokens.size());
  tf::philox generator{3};
  counts n;
  for (int round = 0; round < 6000; ++round) {
    const tf::index_type predictions = text.hide(masking, generator);
    REQUIRE(predictions <= 18);
    if (!whole_words) REQUIRE(predictions == 18);
    tf::index_type labeled = 0;
    for (std::size_t i = 0; i < text.tokens.size(); ++i) {
      if (text.labels[i] == tf::no_label) {
        REQUIRE(text.ids[i] == text.tokens[i]);
        continue;
      }
      ++labeled, ++n.all, ++chosen_at[i];
      REQUIRE(text.labels[i] == text.tokens[i]);
      REQUIRE(text.roles[i] != token_role::never_hidden);
      REQUIRE((text.ids[i] >= 0 && text.ids[i] < vocabulary));
      n.masked += text.ids[i] == mask_id;
      n.kept += text.ids[i] == text.tokens[i];
      n.random += text.ids[i] != mask_id && text.ids[i] != text.tokens[i];
    }
    REQUIRE(labeled == predictions);
    for (std::size_t i = 1; whole_words && i + 1 < text.tokens.size(); ++i)
      if (text.roles[i] == token_role::continues_word && text.roles[i - 1] != token_role::never_hidden)
        REQUIRE((text.labels[i] == tf::no_label) == (text.labels[i - 1] == tf::no_label));
  }
  REQUIRE(n.all > 100'000);
  // One in `vocabulary` random tokens is the mask token, and one is the old token.
  const auto within_three_standard_errors = [&](double count, double fraction) {
    return std::abs(count / n.all - fraction) < 3 * std::sqrt(fraction * (1 - fraction) / n.all);
  };
  CHECK(within_three_standard_errors(n.masked, 0.8 + 0.1 / vocabulary));
  CHECK(within_three_standard_errors(n.random, 0.1 - 0.2 / vocabulary));
  CHECK(within_three_standard_errors(n.kept, 0.1 + 0.1 / vocabulary));
  if (whole_words) return;
  double chi_square = 0;
  for (std::size_t i = 1; i + 1 < chosen_at.size(); ++i) chi_square += std::pow(chosen_at[i] - n.all / 118, 2);
  chi_square /= n.all / 118 * (1 - 18.0 / 118) * 118 / 117;  // drawn without replacement
  CHECK(chi_square < 168.6);                                 // passed with probability 0.999 at 117 degrees of freedom
}

TEST_CASE("draws random tokens from the whole vocabulary", "[masking]") {
  const tf::masking masking{.mask_id = mask_id,
                            .vocabulary = 5,
                            .fraction = 1,
                            .max_predictions = 1000,
                            .masked_fraction = 0,
                            .random_fraction = 1};
  sequence text(402);
  tf::philox generator{4};
  CHECK(text.hide(masking, generator) == 400);
  std::vector<int> seen(5);
  for (std::size_t i = 1; i < 401; ++i) ++seen.at(std::size_t(text.ids[i]));
  for (const int count : seen) CHECK(std::abs(count - 80) < 3 * 8);
}

TEST_CASE("skips whole words that do not fit; a piece without its word counts as a word", "[masking]") {
  sequence text(6);
  text.roles = {token_role::never_hidden, token_role::continues_word, token_role::continues_word,
                token_role::never_hidden, token_role::begins_word,    token_role::never_hidden};
  const auto with = [](tf::index_type most) {
    return tf::masking{
        .mask_id = mask_id, .vocabulary = vocabulary, .fraction = 1, .max_predictions = most, .whole_words = true};
  };
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    tf::philox generator{seed};
    CHECK(text.hide(with(1), generator) == 1);
    CHECK(text.labels == std::vector<std::int32_t>{-100, -100, -100, -100, 104, -100});
    CHECK(text.hide(with(3), generator) == 3);
    CHECK(text.labels == std::vector<std::int32_t>{-100, 101, 102, -100, 104, -100});
  }
}

TEST_CASE("masks as a function of the generator", "[masking]") {
  const tf::masking masking{.mask_id = mask_id, .vocabulary = vocabulary};
  const auto hidden = [&](std::uint64_t seed) {
    sequence text(60);
    tf::philox generator{seed};
    text.hide(masking, generator);
    return text.ids;
  };
  CHECK(hidden(1) == hidden(1));
  CHECK(hidden(1) != hidden(2));
}

TEST_CASE("chooses nothing where nothing may be chosen", "[masking]") {
  const tf::masking masking{.mask_id = mask_id, .vocabulary = vocabulary};
  sequence text(2);
  tf::philox generator{1};
  CHECK(text.hide(masking, generator) == 0);
  CHECK(text.ids == text.tokens);
  CHECK(masking.hide({}, {}, {}, {}, generator) == 0);
}

static_assert([] {
  std::int32_t ids[] = {2, 7, 8, 3}, labels[4] = {}, workspace[4] = {};
  const token_role roles[] = {token_role::never_hidden, token_role::begins_word, token_role::begins_word,
                              token_role::never_hidden};
  tf::philox generator{1};
  return tf::masking{.mask_id = 1, .vocabulary = 9, .fraction = 1}.hide(ids, labels, roles, workspace, generator) ==
             2 &&
         labels[1] == 7 && labels[2] == 8;
}());
