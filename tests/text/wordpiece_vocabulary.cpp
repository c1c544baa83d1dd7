// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <typeformer/text/wordpiece_vocabulary.hpp>

#include <support/catch.hpp>
#include <support/shared_data.hpp>

using typeformer::learn_wordpiece_vocabulary;
using typeformer::word_counts;
using typeformer::wordpiece;

namespace {

using pieces = std::vector<std::string>;

std::string rejection(std::string_view text, typeformer::wordpiece_vocabulary_options options) {
  const auto vocabulary = learn_wordpiece_vocabulary(text, options);
  return vocabulary ? "accepted" : vocabulary.error().message();
}

/// The definition, step by step: count all pairs, merge the most frequent, start again.
pieces learn_by_definition(const std::map<std::string, int>& words, std::size_t size) {
  pieces vocabulary{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  std::string characters;
  for (const auto& [word, count] : words) characters += word;
  std::ranges::sort(characters);
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  for (const char* const prefix : {"", "##"})
    for (const char c : characters) vocabulary.push_back(std::string(prefix) + c);
  const auto number = [&](const std::string& piece) {
    return std::find(vocabulary.begin(), vocabulary.end(), piece) - vocabulary.begin();
  };
  std::vector<std::pair<pieces, int>> rows;
  for (const auto& [word, count] : words) {
    rows.push_back({{}, count});
    for (const char c : word) rows.back().first.push_back((rows.back().first.empty() ? "" : "##") + std::string(1, c));
  }
  while (vocabulary.size() < size) {
    std::map<std::pair<std::ptrdiff_t, std::ptrdiff_t>, int> pairs;
    for (const auto& [row, count] : rows)
      for (std::size_t i = 0; i + 1 < row.size(); ++i) pairs[{number(row[i]), number(row[i + 1])}] += count;
    if (pairs.empty()) break;
    const auto best = std::max_element(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
      return a.second < b.second;  // the first of equals
    });
    const std::string left = vocabulary[std::size_t(best->first.first)],
                      right = vocabulary[std::size_t(best->first.second)];
    const std::string merged = left + right.substr(2);
    if (number(merged) == std::ptrdiff_t(vocabulary.size())) vocabulary.push_back(merged);
    for (auto& [row, count] : rows)
      for (std::size_t i = 0; i + 1 < row.size(); ++i)
        if (row[i] == left && row[i + 1] == right) {
          row[i] = merged;
          row.erase(row.begin() + std::ptrdiff_t(i) + 1);
        }
  }
  return vocabulary;
}

std::string file_of(const pieces& lines) {
  std::string file;
  for (const std::string& line : lines) file += line + "\n";
  return file;
}

std::string whole_file(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace

TEST_CASE("makes pieces of the most frequent pairs", "[text]") {
  // The words and counts of the example in Sennrich et al. 2016.
  word_counts counts;
  for (int i = 0; i < 5; ++i) counts.add("low");
  counts.add("widest widest lower\nlower widest ");
  counts.add("newest", 6);
  CHECK(counts.size() == 4);
  const auto vocabulary = learn_wordpiece_vocabulary(counts, {.size = 5 + 2 * 10 + 7});
  REQUIRE(vocabulary);
  CHECK(vocabulary->saved() ==
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nd\ne\ni\nl\nn\no\nr\ns\nt\nw\n##d\n##e\n##i\n##l\n##n\n##o\n##r\n##s\n##"
        "t\n##w\n"
        "##es\n##est\nlo\nlow\nne\n##west\nnewest\n");
  CHECK(learn_wordpiece_vocabulary(counts, {.size = 1000})->size() == 5 + 20 + 7 + 5);  // each word is one piece
}

TEST_CASE("learns the vocabulary of the definition", "[text]") {
  std::mt19937 random{20160815};
  for (int round = 0; round < 150; ++round) {
    std::map<std::string, int> words;
    const std::size_t letters = 1 + random() % 4;
    for (std::size_t count = 1 + random() % 12; count > 0; --count) {
      std::string word;
      for (std::size_t size = 1 + random() % 9; size > 0; --size) word += "ab#c"[random() % letters];
      words[word] = int(1 + random() % 4);
    }
    word_counts counts;
    for (const auto& [word, count] : words) counts.add(word, std::uint64_t(count));
    const std::size_t size = 13 + random() % 30;
    const auto vocabulary = learn_wordpiece_vocabulary(counts, {.size = std::int32_t(size)});
    REQUIRE(vocabulary);
    if (vocabulary->saved() != file_of(learn_by_definition(words, size))) FAIL(vocabulary->saved());
  }
}

TEST_CASE("rejects texts and settings that it cannot learn from", "[text]") {
  CHECK(rejection(" \n", {}) == "the text has no words of at most 100 characters");
  CHECK(rejection(std::string(101, 'a'), {}) == "the text has no words of at most 100 characters");
  CHECK(rejection("a b\xFF", {}) == "a word is not UTF-8: \"b\\xff\"");
  CHECK(rejection("a \x1b[31mb\xFF", {}) == "a word is not UTF-8: \"\\u001b[31mb\\xff\"");
  CHECK(rejection("abc", {.size = 10}) ==
        "a vocabulary of 10 pieces does not hold the special pieces and 3 characters, alone and with ##: that takes 11 "
        "pieces, or a lower character coverage");
  CHECK(rejection("abc", {.size = -1}).starts_with("a vocabulary of -1 pieces"));
  CHECK(rejection("abc", {.size = 11}) == "accepted");
  CHECK(rejection("abc", {.character_coverage = 0}) == "the character coverage must be above 0 and at most 1, found 0");
  CHECK_FALSE(learn_wordpiece_vocabulary(std::string_view("a\0b", 3), {}));
}

TEST_CASE("leaves out rare characters", "[text]") {
  const auto vocabulary =
      learn_wordpiece_vocabulary("abab abab abab \xC3\xA9", {.size = 20, .character_coverage = 0.9});
  REQUIRE(vocabulary);
  CHECK_FALSE(vocabulary->id_of("\xC3\xA9"));
  CHECK(vocabulary->encode("abab \xC3\xA9").back() == vocabulary->unknown_id());
  CHECK(*vocabulary->piece(vocabulary->encode("abab").front()) == "abab");
}

TEST_CASE("encodes a novel with its own vocabulary, and another one with few pieces per word", "[text]") {
  TYPEFORMER_NEEDS_SHARED(folder, "corpora/gutenberg");
  const auto vocabulary =
      learn_wordpiece_vocabulary(whole_file(folder / "pride_and_prejudice.body.txt"), {.size = 4000});
  REQUIRE(vocabulary);
  CHECK(vocabulary->size() == 4000);
  struct shares {
    double pieces = 0, unknown = 0, with_new_character = 0;  // for each word
  };
  const auto judge = [&](const char* name) {
    const std::string text = whole_file(folder / name);
    double words = 0, with_new_character = 0;
    typeformer::for_each_word(text, [&](std::string_view word) {
      ++words;
      bool is_new = false;
      for (std::size_t at = 0, size = 0; at < word.size(); at += size) {
        size = typeformer::utf8_at(word, at).size;
        is_new = is_new || !vocabulary->id_of("##" + std::string(word.substr(at, size)));
      }
      with_new_character += is_new;
    });
    const auto ids = vocabulary->encode(text);
    const auto unknown = double(std::ranges::count(ids, vocabulary->unknown_id()));
    return shares{double(ids.size()) / words, unknown / words, with_new_character / words};
  };
  const shares own = judge("pride_and_prejudice.body.txt"), other = judge("sherlock_holmes.body.txt");
  CHECK(own.unknown == 0);
  CHECK(own.pieces < 1.3);
  CHECK(other.unknown == other.with_new_character);
  CHECK(other.pieces < 1.6);
}
