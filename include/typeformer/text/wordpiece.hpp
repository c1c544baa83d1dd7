// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/piece_texts.hpp>
#include <typeformer/text/detail/piece_trie.hpp>
#include <typeformer/text/detail/vocabulary_lines.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// WordPiece: splits each word of a text into the longest pieces of a vocabulary, from left to right.
///
/// Devlin et al. 2018 (arXiv:1810.04805); greedy matching as in Wu et al. 2016 (arXiv:1609.08144). The vocabulary is
/// BERT's `vocab.txt`: one piece per line, whose id is the number of lines before it. A piece that continues a word
/// begins with `##`. Words are separated by white space; `bert_words.hpp` splits a text as BERT does.
/// Nothing is thrown; if memory runs out the program ends.
class wordpiece {
 public:
  static constexpr std::string_view padding = "[PAD]", unknown = "[UNK]", classification = "[CLS]", separator = "[SEP]",
                                    mask = "[MASK]", continuation = "##";
  /// Longer words, in characters, are unknown.
  static constexpr std::size_t longest_word = 100;
  /// The most bytes of a vocabulary.
  static constexpr std::size_t largest_vocabulary = detail::largest_vocabulary;

  /// Reads the vocabulary of a file. Errors: the file is not a readable regular file; those of `parse`.
  static result<wordpiece, tokenizer_error> open(const std::string& path) noexcept;

  /// Reads a vocabulary from a text in the form of `vocab.txt`. A carriage return at the end of a line is not part of a
  /// piece.
  ///
  /// Errors: the text is empty, contains a zero byte or is not UTF-8; a line is empty or repeats a piece; there is no
  /// `[UNK]`.
  static result<wordpiece, tokenizer_error> parse(std::string_view text) noexcept;

  /// The text that `parse` reads, to be written as `vocab.txt`.
  std::string saved() const noexcept {
    std::string text;
    text.reserve(pieces_.bytes() + static_cast<std::size_t>(size()));
    for (std::int32_t id = 0; id < size(); ++id) (text += pieces_[id]) += '\n';
    return text;
  }

  std::int32_t size() const noexcept { return pieces_.size(); }

  /// The piece as it is in the file, as a view of the vocabulary. Error: an id out of range.
  result<std::string_view, tokenizer_error> piece(std::int32_t id) const noexcept {
    if (const auto known = check_token_ids({&id, 1}, size()); !known) return failure{known.error()};
    return pieces_[id];
  }

  std::optional<std::int32_t> id_of(std::string_view piece) const noexcept {
    const auto node = trie_.find(piece);
    if (!node || trie_.id(*node) < 0) return {};
    return trie_.id(*node);
  }

  std::int32_t unknown_id() const noexcept { return unknown_id_; }
  /// The ids of the special pieces. Error: the vocabulary has no such piece.
  result<std::int32_t, tokenizer_error> padding_id() const noexcept { return required_id(padding); }
  result<std::int32_t, tokenizer_error> classification_id() const noexcept { return required_id(classification); }
  result<std::int32_t, tokenizer_error> separator_id() const noexcept { return required_id(separator); }
  result<std::int32_t, tokenizer_error> mask_id() const noexcept { return required_id(mask); }
  /// The id of any piece. Error: the vocabulary has no such piece.
  result<std::int32_t, tokenizer_error> required_id(std::string_view piece) const noexcept {
    if (const auto id = id_of(piece)) return *id;
    return failure{
        tokenizer_error{"the vocabulary of " + std::to_string(size()) + " pieces has no " + printable(piece)}};
  }

  /// Whether a piece continues a word, as needed for whole-word masking. False for an id out of range.
  bool continues_word(std::int32_t id) const noexcept {
    if (id < 0 || id >= size()) return false;
    return pieces_[id].size() > continuation.size() && pieces_[id].starts_with(continuation);
  }

  /// The ids of a text. A word that the pieces cannot spell, or that is not UTF-8, becomes one unknown piece.
  ///
  /// Cost: for each piece, the bytes of the longest match that was tried.
  std::vector<std::int32_t> encode(std::string_view text) const noexcept {
    std::vector<std::int32_t> ids;
    for_each_word(text, [&](std::string_view word) { encode_word(word, ids); });
    return ids;
  }

  /// Appends the ids of one word.
  void encode_word(std::string_view word, std::vector<std::int32_t>& ids) const noexcept {
    const std::size_t before = ids.size();
    bool is_spelled = !is_too_long(word);
    std::optional<detail::piece_trie::node_number> from = detail::piece_trie::root;
    for (std::size_t position = 0; is_spelled && position < word.size();) {
      const auto found = from ? trie_.longest(*from, word.substr(position)) : detail::piece_trie::match{};
      is_spelled = found.size > 0;
      position += found.size;
      ids.push_back(found.id);
      from = continuations_;
    }
    if (is_spelled) return;
    ids.resize(before);
    ids.push_back(unknown_id_);
  }

  /// The words of a sequence, separated by spaces. The original white space and unknown words are lost.
  /// Error: that of `piece`.
  result<std::string, tokenizer_error> decode(std::span<const std::int32_t> ids) const noexcept {
    if (const auto known = check_token_ids(ids, size()); !known) return failure{known.error()};
    std::string text;
    for (const std::int32_t id : ids) {
      const bool continues = continues_word(id) && !text.empty();
      if (!continues && !text.empty()) text += ' ';
      text += pieces_[id].substr(continues ? continuation.size() : 0);
    }
    return text;
  }

 private:
  wordpiece(detail::piece_texts pieces, detail::piece_trie trie)
      : pieces_(std::move(pieces)), trie_(std::move(trie)), continuations_(trie_.find(continuation)) {}

  static bool is_too_long(std::string_view word) {
    constexpr std::size_t most_bytes = 4;
    if (word.size() <= longest_word) return false;
    if (word.size() > longest_word * most_bytes) return true;
    return std::ranges::count_if(word, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) != 0x80u; }) >
           static_cast<std::ptrdiff_t>(longest_word);
  }

  detail::piece_texts pieces_;
  detail::piece_trie trie_;
  std::optional<detail::piece_trie::node_number> continuations_;
  std::int32_t unknown_id_ = 0;
};

inline result<wordpiece, tokenizer_error> wordpiece::open(const std::string& path) noexcept {
  const auto rejected = [&](const std::string& why) { return failure{tokenizer_error{printable(path) + ": " + why}}; };
  const auto text = bytes_of_regular_file(path, largest_vocabulary);
  if (!text) return rejected(text.error());
  auto vocabulary = parse(*text);
  if (!vocabulary) return rejected(vocabulary.error().message());
  return vocabulary;
}

inline result<wordpiece, tokenizer_error> wordpiece::parse(std::string_view text) noexcept {
  if (const auto checked = detail::check_vocabulary_text(text); !checked) return failure{checked.error()};
  auto pieces = detail::pieces_of_lines(text);
  if (!pieces) return failure{pieces.error()};
  auto trie = detail::trie_of(*pieces);
  if (!trie) return failure{trie.error()};
  wordpiece vocabulary(std::move(*pieces), std::move(*trie));
  const auto unknown_id = vocabulary.id_of(unknown);
  if (!unknown_id)
    return detail::rejected_vocabulary("the piece [UNK]", std::to_string(vocabulary.size()) + " pieces without it");
  vocabulary.unknown_id_ = *unknown_id;
  return vocabulary;
}

}  // namespace typeformer
