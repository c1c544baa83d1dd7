// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/pair_learner.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/utf8.hpp>
#include <typeformer/text/word_counts.hpp>
#include <typeformer/text/wordpiece.hpp>

namespace typeformer {

struct wordpiece_vocabulary_options {
  std::int32_t size = 30'000;
  /// The fraction of the text's characters that must be in the vocabulary. Words with a rarer character become unknown.
  double character_coverage = 1;
};

namespace detail {

/// Calls `visit(character)` for the characters of a word. Returns whether all of it is UTF-8.
template <class Visit> bool for_each_character(std::string_view word, Visit&& visit) {
  for (std::size_t position = 0; position < word.size();) {
    const utf8_step step = utf8_at(word, position);
    if (step.size == 0) return false;
    visit(step.code_point);
    position += step.size;
  }
  return true;
}

}  // namespace detail

/// Learns a WordPiece vocabulary from the words of a text.
///
/// It starts with `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]` and `[MASK]`, followed by every character, alone and with `##`
/// before it. Then the most frequent pair of neighboring pieces becomes a piece (of equals the one whose pieces came
/// first), until the vocabulary has `size` pieces or every word is one piece. Merging by frequency follows Sennrich et
/// al. 2016 (arXiv:1508.07909). Hugging Face's trainer merges the same pairs in the same order, except that pairs of
/// equal frequency change places from run to run; it has `##` only with characters that continue a word of the text.
///
/// The order of the words does not matter. Words of more than `wordpiece::longest_word` characters are left out. Errors:
/// there are no words; a word is not UTF-8 or contains a zero byte; `size` is less than the characters need; the
/// coverage is not above 0 and at most 1. Nothing is thrown; if memory runs out the program ends.
///
/// Cost: about n log n for the n characters of the distinct words.
inline result<wordpiece, tokenizer_error> learn_wordpiece_vocabulary(const word_counts& counts,
                                                                     wordpiece_vocabulary_options options) noexcept {
  const auto rejected = [](const std::string& why) { return failure{tokenizer_error{why}}; };
  if (!(options.character_coverage > 0 && options.character_coverage <= 1))
    return rejected("the character coverage must be above 0 and at most 1, found " +
                    exact_text(options.character_coverage));

  struct split_word {
    std::vector<char32_t> characters;
    std::uint64_t count;
  };
  struct counted_character {
    char32_t character;
    std::uint64_t count;
  };
  std::vector<split_word> words;
  std::unordered_map<char32_t, std::uint64_t> frequencies;
  std::uint64_t all = 0;
  for (const auto& [word, count] : counts.sorted()) {
    split_word split{{}, count};
    if (!detail::for_each_character(word, [&](char32_t c) { split.characters.push_back(c); }))
      return rejected("a word is not UTF-8: " + quoted_name(word));
    if (split.characters.size() > wordpiece::longest_word) continue;
    for (const char32_t c : split.characters) frequencies[c] += count, all += count;
    words.push_back(std::move(split));
  }
  if (words.empty())
    return rejected("the text has no words of at most " + std::to_string(wordpiece::longest_word) + " characters");

  std::vector<counted_character> characters;
  for (const auto& [c, count] : frequencies) characters.push_back({c, count});
  std::ranges::sort(characters, [](const counted_character& a, const counted_character& b) {
    return a.count > b.count || (a.count == b.count && a.character < b.character);
  });
  std::uint64_t covered = 0;
  std::size_t kept = 0;
  while (kept < characters.size() && double(covered) < options.character_coverage * double(all))
    covered += characters[kept++].count;
  characters.resize(kept);
  std::ranges::sort(characters, {}, &counted_character::character);

  const auto size = static_cast<std::size_t>((std::max)(options.size, 0));
  detail::pair_learner training_pass(size, wordpiece::continuation);
  for (const std::string_view special :
       {wordpiece::padding, wordpiece::unknown, wordpiece::classification, wordpiece::separator, wordpiece::mask})
    training_pass.piece(std::string(special));
  std::unordered_map<char32_t, std::pair<std::int32_t, std::int32_t>> ids;  // at the beginning of a word, and within it
  for (const bool continues : {false, true})
    for (const counted_character& each : characters) {
      std::string spelling(continues ? wordpiece::continuation : "");
      append_utf8(spelling, each.character);
      (continues ? ids[each.character].second : ids[each.character].first) = training_pass.piece(spelling);
    }
  if (training_pass.pieces() > size)
    return rejected("a vocabulary of " + std::to_string(options.size) +
                    " pieces does not hold the special pieces and " + std::to_string(characters.size()) +
                    " characters, alone and with ##: that takes " + std::to_string(training_pass.pieces()) +
                    " pieces, or a lower character coverage");

  for (const split_word& word : words) {
    std::vector<std::int32_t> row;
    for (const char32_t c : word.characters) {
      const auto found = ids.find(c);
      if (found == ids.end()) break;
      row.push_back(row.empty() ? found->second.first : found->second.second);
    }
    if (row.size() == word.characters.size()) training_pass.add(std::move(row), word.count);
  }
  training_pass.merge_pairs();
  return wordpiece::parse(training_pass.saved());
}

/// The same for the words of one text, which are separated by white space.
inline result<wordpiece, tokenizer_error> learn_wordpiece_vocabulary(std::string_view text,
                                                                     wordpiece_vocabulary_options options) noexcept {
  word_counts counts;
  counts.add(text);
  return learn_wordpiece_vocabulary(counts, options);
}

}  // namespace typeformer
