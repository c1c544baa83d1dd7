// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/unigram_counts.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/word_counts.hpp>

namespace typeformer {

struct unigram_training {
  std::size_t size = 8'000;
  std::size_t seeds = 200'000;                               ///< substrings to begin with
  std::size_t longest_piece = 16;                            ///< in characters
  double kept_fraction = 0.75;                               ///< of the pieces, in each round
  int rounds_of_estimation = 2;                              ///< before pieces are dropped
  std::vector<std::string> special{"<unk>", "<s>", "</s>"};  ///< the first one is the unknown token
};

/// Tokens in the order of their ids, with the logarithms of their probabilities; those of special tokens are 0.
using learned_unigram = std::vector<detail::scored_text>;

namespace detail {

/// Frequent substrings of words, the ones of many characters and occurrences first, and every character.
inline std::vector<scored_text> unigram_seeds(const std::vector<word_counts::counted_word>& words,
                                              const unigram_training& how) {
  std::unordered_map<std::string_view, double> counts;
  std::unordered_map<std::string_view, std::size_t> lengths;
  for (const auto& [word, count] : words)
    for (std::size_t begin = 0; begin < word.size(); begin += character_at(word, begin).size) {
      std::size_t end = begin;
      for (std::size_t length = 1; length <= how.longest_piece && end < word.size(); ++length) {
        end += character_at(word, end).size;
        const std::string_view part = word.substr(begin, end - begin);
        counts[part] += static_cast<double>(count);
        lengths[part] = length;
      }
    }
  std::vector<scored_text> seeds;
  for (const auto& [text, count] : counts)
    if (lengths[text] == 1 || count > 1)
      seeds.push_back({std::string(text), count * static_cast<double>(lengths[text])});
  std::ranges::sort(seeds, [](const scored_text& a, const scored_text& b) {
    return a.score > b.score || (a.score == b.score && a.text < b.text);
  });
  std::size_t kept = 0;
  for (scored_text& each : seeds)
    if (lengths[each.text] == 1 || kept < how.seeds) std::swap(seeds[kept++], each);
  seeds.resize(kept);
  double all = 0;
  for (const scored_text& each : seeds) all += each.score;
  for (scored_text& each : seeds) each.score = std::log(each.score / all);
  return seeds;
}

}  // namespace detail

/// Learns a vocabulary for a unigram model (Kudo 2018, arXiv:1804.10959): expectation maximization over the words'
/// segmentations, from frequent substrings; those that matter least for the likelihood are dropped until `size` is
/// reached. Characters are kept.
///
/// `report(pieces)` is called after each round. Errors: there are no words; the special tokens and characters do not
/// fit. Cost: about 20 passes over the distinct words, each linear times `longest_piece`.
template <class Report>
result<learned_unigram, tokenizer_error> learn_unigram(const word_counts& counted, const unigram_training& how,
                                                       Report&& report) noexcept {
  const auto words = counted.sorted();
  if (words.empty()) return failure{tokenizer_error{"the text has no words"}};
  std::vector<detail::scored_text> pieces = detail::unigram_seeds(words, how);
  const auto is_character = [](const detail::scored_text& each) {
    return character_at(each.text, 0).size == each.text.size();
  };
  const auto characters = static_cast<std::size_t>(std::ranges::count_if(pieces, is_character));
  if (how.size < characters + how.special.size())
    return failure{tokenizer_error{"expected a vocabulary of at least " +
                                   std::to_string(characters + how.special.size()) + " pieces, found " +
                                   std::to_string(how.size)}};
  const std::size_t wanted = how.size - how.special.size();
  while (true) {
    for (int round = 0; round < how.rounds_of_estimation; ++round) detail::estimate_again(pieces, words);
    report(pieces.size());
    if (pieces.size() <= wanted) break;
    const auto kept = static_cast<std::size_t>(how.kept_fraction * static_cast<double>(pieces.size()));
    detail::drop_pieces(pieces, words, (std::max)(kept, wanted));
  }
  std::ranges::sort(pieces, [](const detail::scored_text& a, const detail::scored_text& b) {
    return a.score > b.score || (a.score == b.score && a.text < b.text);
  });
  learned_unigram learned;
  for (const std::string& token : how.special) learned.push_back({token, 0});
  learned.insert(learned.end(), pieces.begin(), pieces.end());
  return learned;
}

}  // namespace typeformer
