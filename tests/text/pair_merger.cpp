// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/text/merge_in_blocks.hpp>
#include <typeformer/text/merge_table.hpp>
#include <typeformer/text/pair_merger.hpp>

#include <support/catch.hpp>

using namespace typeformer;

namespace {

using pieces = std::vector<word_piece>;

/// The definition, step by step: the pair of the lowest rank, the leftmost of equals.
template <class Find> void merge_by_definition(pieces& word, const Find& find) {
  while (true) {
    std::size_t best = word.size();
    merge_table::merge lowest;
    for (std::size_t i = 0; i + 1 < word.size(); ++i)
      if (const auto found = find(word[i], word[i + 1]); lowest.rank > found.rank) lowest = found, best = i;
    if (best == word.size()) return;
    word[best] = {lowest.id, word[best].begin, word[best + 1].end};
    word.erase(word.begin() + std::ptrdiff_t(best) + 1);
  }
}

bool are_equal(const pieces& a, const pieces& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const word_piece& x, const word_piece& y) {
    return x.id == y.id && x.begin == y.begin && x.end == y.end;
  });
}

pieces letters_of(const std::string& text) {
  pieces word;
  for (std::uint32_t i = 0; i < text.size(); ++i) word.push_back({text[i] - 'a', i, i + 1});
  return word;
}

}  // namespace

TEST_CASE("merges pairs as the definition does, few and many", "[text]") {
  std::mt19937 random{19940201};
  int different = 0;
  for (int round = 0; round < 400; ++round) {
    // Ranks that repeat and that are lower than those of the pieces they are made of must be right too.
    std::map<std::string, std::int32_t> ids{{"a", 0}, {"b", 1}, {"c", 2}};
    std::vector<std::string> texts{"a", "b", "c"};
    merge_table table;
    for (int count = 0; count < 40; ++count) {
      const std::string left = texts[random() % texts.size()], right = texts[random() % texts.size()];
      if (left.size() + right.size() > 8) continue;
      const auto [entry, is_new] = ids.try_emplace(left + right, std::int32_t(texts.size()));
      if (is_new) texts.push_back(left + right);
      table.add(ids[left], ids[right], {std::uint32_t(random() % 60), entry->second});
    }
    std::string text;
    for (std::size_t size = random() % 200; size > 0; --size) text += char('a' + random() % (1 + random() % 3));
    const auto find = [&](const word_piece& left, const word_piece& right) { return table.find(left.id, right.id); };
    const pieces letters = letters_of(text);
    pieces expected = letters, found = letters, in_blocks;
    merge_by_definition(expected, find);
    pair_merger{find}.merge(found, 0);
    different += !are_equal(expected, found);
    const auto first = [&](std::size_t from, std::size_t to, pieces& made) {
      made.insert(made.end(), letters.begin() + std::ptrdiff_t(from), letters.begin() + std::ptrdiff_t(to));
    };
    const merge_blocks blocks{.pieces = 5 + random() % 40, .dropped = random() % 2};
    merge_in_blocks(
        find, letters.size(), first, [](std::size_t place) { return place; },
        [&](std::span<const word_piece> made) { in_blocks.insert(in_blocks.end(), made.begin(), made.end()); },
        [&] { in_blocks.clear(); }, blocks);
    different += !are_equal(expected, in_blocks);
  }
  CHECK(different == 0);
}

TEST_CASE("merges a long list of pieces in blocks as in one go", "[text]") {
  std::mt19937 random{6};
  merge_table table;
  std::int32_t next = 3;
  for (std::int32_t left = 0; left < 40; ++left)
    for (std::int32_t right = 0; right < 40; ++right)
      if (random() % 3 == 0) table.add(left, right, {std::uint32_t(random() % 400), next < 40 ? next++ : next - 1});
  const auto find = [&](const word_piece& left, const word_piece& right) { return table.find(left.id, right.id); };
  std::size_t merges = 0;
  for (const std::string unit : {"", "c", "ab", "aab", "abcacb"}) {
    std::string text;
    while (text.size() < 50'000) text += unit.empty() ? std::string(1, char('a' + random() % 3)) : unit;
    pieces expected = letters_of(text), found = expected;
    pair_merger{find}.merge(expected, 0);
    merge_listed(find, found, 0);
    CHECK(are_equal(expected, found));
    merges += text.size() - found.size();
  }
  CHECK(merges > 50'000);
}

TEST_CASE("looks a few times for each letter of a megabyte of one letter", "[text]") {
  merge_table table;
  for (std::int32_t id = 0; id < 6; ++id) table.add(id, id, {std::uint32_t(id), id + 1});
  std::size_t looks = 0;
  const auto find = [&](const word_piece& left, const word_piece& right) {
    ++looks;
    return table.find(left.id, right.id);
  };
  for (const std::size_t size : {std::size_t{1} << 17, std::size_t{1} << 20}) {
    looks = 0;
    pieces word = letters_of(std::string(size, 'a'));
    merge_listed(find, word, 0);
    CHECK(word.size() == size / 64);
    CHECK(looks >= size - 1);
    CHECK(looks < 6 * size);  // a pair of the word, and two more after a merge; parts of a long word are merged twice
  }
}
