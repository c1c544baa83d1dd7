// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/byte_alphabet.hpp>
#include <typeformer/text/detail/pair_learner.hpp>
#include <typeformer/text/published_splitters.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/word_counts.hpp>

namespace typeformer {

struct bpe_training {
  std::size_t size = 32'000;
  std::uint64_t least_count = 2;  ///< of a pair that is merged
  std::vector<std::string> special{"<|endoftext|>"};
};

/// A byte-level vocabulary, spelled with `byte_alphabet`, and its merges in order.
struct learned_bpe {
  std::vector<std::string> pieces;
  std::vector<std::pair<std::int32_t, std::int32_t>> merges;
};

/// Counts the words of a text as GPT-2 splits it, spelled with `byte_alphabet`.
inline void count_byte_level_words(std::string_view text, word_counts& counts) noexcept {
  const auto splitter = *published_splitter::of(published_splitter::gpt2);
  for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
    end = splitter.end_of_word(text, at);
    counts.add(byte_alphabet::spelled(text.substr(at, end - at)), 1);
  }
}

/// Learns a byte-level vocabulary (Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019): special tokens, the
/// 256 bytes, and the most frequent pair of pieces, repeatedly.
///
/// `report(pieces)` is called after each merge. Errors: `size` does not hold the special tokens and the bytes; a word
/// is not spelled with `byte_alphabet`. Cost: about n log n for the n bytes of the distinct words.
template <class Report>
result<learned_bpe, tokenizer_error> learn_bpe(const word_counts& words, const bpe_training& how,
                                               Report&& report) noexcept {
  const std::size_t first = how.special.size() + byte_alphabet::characters.size();
  if (how.size < first)
    return failure{tokenizer_error{"expected a vocabulary of at least " + std::to_string(first) + " pieces, found " +
                                   std::to_string(how.size)}};
  detail::pair_learner learner{how.size, "", how.least_count};
  for (const std::string& token : how.special) learner.piece(token);
  std::vector<std::int32_t> ids;
  for (const char32_t c : byte_alphabet::characters) {
    std::string spelling;
    append_utf8(spelling, c);
    ids.push_back(learner.piece(spelling));
  }
  for (const auto& [word, count] : words.sorted()) {
    const auto bytes = byte_alphabet::bytes_of(word);
    if (!bytes)
      return failure{tokenizer_error{"the word " + std::string(word) + " is not spelled with the byte alphabet"}};
    std::vector<std::int32_t> row;
    for (const char byte : *bytes) row.push_back(ids[static_cast<unsigned char>(byte)]);
    learner.add(std::move(row), count);
  }
  learner.merge_pairs(report);
  return learned_bpe{learner.spellings(), learner.merges()};
}

}  // namespace typeformer
