// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// The tokenizer of llama2.c: SentencePiece's byte-pair encoding (Kudo and Richardson 2018, arXiv:1808.06226) with byte
/// fallback, from a file that llama2.c's `tokenizer.py` exports.
///
/// File, little-endian: int32 greatest piece length, then for every piece float32 score, int32 length, bytes. Pieces 0
/// to 2 are unknown, begin and end of sequence; pieces 3 to 258 are the bytes `<0x00>` to `<0xFF>`; the others are
/// text.
/// Nothing is thrown; if memory runs out the program ends.
class llama2c_tokenizer {
 public:
  static constexpr std::int32_t unknown = 0, begin_of_sequence = 1, end_of_sequence = 2, first_byte = 3,
                                first_text = first_byte + 256;

  /// Reads a tokenizer from the bytes of its file. The file does not contain its vocabulary size.
  ///
  /// Error: the bytes are not such a file with exactly `vocabulary_size` pieces.
  static result<llama2c_tokenizer, tokenizer_error> parse(std::span<const std::byte> file,
                                                          std::int32_t vocabulary_size) noexcept;

  std::int32_t vocabulary_size() const noexcept { return static_cast<std::int32_t>(scores_.size()); }

  /// The piece as it is in the file, as a view of the tokenizer. Error: an id out of range.
  result<std::string_view, tokenizer_error> piece(std::int32_t id) const noexcept {
    if (const auto known = check_token_ids({&id, 1}, vocabulary_size()); !known) return failure{known.error()};
    return spelling(id);
  }

  /// The ids of a text. A space is put before it unless it is empty. Its code points become pieces, or bytes if no
  /// piece has them. Then the adjacent pair whose concatenation is the piece with the best score (of equals the
  /// leftmost) is merged, until there is none. Text that is not UTF-8 becomes bytes.
  ///
  /// Cost: n log n for n bytes.
  std::vector<std::int32_t> encode(std::string_view text, bool add_begin_of_sequence) const noexcept;

  /// The text that a token adds after another one, as a view of the tokenizer. A space at the start of a sequence,
  /// which `encode` put there, is dropped. Begin and end of sequence are no text. A byte may be a part of a code point.
  /// Error: that of `piece`.
  result<std::string_view, tokenizer_error> decode(std::int32_t previous, std::int32_t id) const noexcept {
    if (const auto known = check_token_ids({&id, 1}, vocabulary_size()); !known) return failure{known.error()};
    return text_after(previous, id);
  }

  /// The text of a whole sequence, with or without its begin-of-sequence token. Error: that of `piece`.
  result<std::string, tokenizer_error> decode(std::span<const std::int32_t> ids) const noexcept {
    if (const auto known = check_token_ids(ids, vocabulary_size()); !known) return failure{known.error()};
    std::string text;
    std::int32_t previous = begin_of_sequence;
    for (const std::int32_t id : ids) {
      text += text_after(previous, id);
      previous = id;
    }
    return text;
  }

 private:
  static constexpr auto bytes = [] {
    std::array<char, 256> all{};
    for (unsigned byte = 0; byte < all.size(); ++byte)
      all[byte] = std::bit_cast<char>(static_cast<unsigned char>(byte));
    return all;
  }();
  static constexpr std::int32_t no_piece = -1;
  static constexpr std::size_t no_symbol = static_cast<std::size_t>(-1);

  /// A part of the text that is one piece, or bytes (`no_piece`). It is empty after it was merged into its left
  /// neighbor.
  struct symbol {
    std::size_t begin, length;
    std::int32_t id;
    std::size_t previous, next;
  };
  struct merge {
    float score;
    std::size_t left, length;
    std::int32_t id;

    friend bool operator<(const merge& a, const merge& b) {
      return a.score < b.score || (a.score == b.score && a.left > b.left);
    }
  };

  static std::string byte_piece(std::int32_t id) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<std::size_t>(id - first_byte);
    return {'<', '0', 'x', digits[byte / 16], digits[byte % 16], '>'};
  }

  std::string_view spelling(std::int32_t id) const {
    const auto position = static_cast<std::size_t>(id);
    return std::string_view{text_}.substr(begins_[position], begins_[position + 1] - begins_[position]);
  }
  std::string_view text_after(std::int32_t previous, std::int32_t id) const {
    const std::string_view text = spelling(id);
    if (id == begin_of_sequence || id == end_of_sequence) return {};
    if (id >= first_byte && id < first_text) return {&bytes[static_cast<std::size_t>(id - first_byte)], 1};
    return previous == begin_of_sequence && text.starts_with(' ') ? text.substr(1) : text;
  }

  /// Text pieces only. A text that spells the name of a control or byte piece is still text.
  std::int32_t find(std::string_view text) const {
    const auto found =
        std::ranges::lower_bound(by_spelling_, text, {}, [this](std::int32_t id) { return spelling(id); });
    return found != by_spelling_.end() && spelling(*found) == text ? *found : no_piece;
  }

  std::vector<symbol> split(std::string_view text) const;

  std::string text_;
  std::vector<std::size_t> begins_{0};
  std::vector<float> scores_;
  std::vector<std::int32_t> by_spelling_;
  std::size_t longest_ = 0;
};

inline result<llama2c_tokenizer, tokenizer_error> llama2c_tokenizer::parse(std::span<const std::byte> file,
                                                                           std::int32_t vocabulary_size) noexcept {
  std::size_t position = 0;
  const auto read_word = [&] {
    std::uint32_t word = 0;
    for (int shift = 0; shift < 32; shift += 8) word |= std::to_integer<std::uint32_t>(file[position++]) << shift;
    return word;
  };
  const auto left = [&] { return file.size() - position; };
  const auto rejected = [&](std::int32_t id, const std::string& expected, const std::string& found) {
    const std::string where = id == no_piece ? "header" : "piece " + std::to_string(id);
    return failure{tokenizer_error{"tokenizer file, " + where + " at byte " + std::to_string(position) + ": expected " +
                                   expected + ", found " + found}};
  };
  const auto bytes_left = [&] { return std::to_string(left()) + " bytes before the end"; };

  if (vocabulary_size < first_text)
    return rejected(no_piece, "a vocabulary of at least 259 pieces (3 controls and 256 bytes)",
                    std::to_string(vocabulary_size));
  if (left() < 4) return rejected(no_piece, "4 bytes of greatest piece length", bytes_left());
  const auto longest = std::bit_cast<std::int32_t>(read_word());
  if (longest < 1) {
    position = 0;
    return rejected(no_piece, "a greatest piece length of at least 1", std::to_string(longest));
  }

  llama2c_tokenizer tokenizer;
  tokenizer.longest_ = static_cast<std::size_t>(longest);
  for (std::int32_t id = 0; id < vocabulary_size; ++id) {
    const std::string of_all = " (of a vocabulary of " + std::to_string(vocabulary_size) + ")";
    if (left() < 8) return rejected(id, "8 bytes of score and length" + of_all, bytes_left());
    const auto score = std::bit_cast<float>(read_word());
    if (!is_finite(score)) {
      position -= 4;
      return rejected(id, "a finite score", exact_text(score));
    }
    const auto length = std::bit_cast<std::int32_t>(read_word());
    if (length < 1 || length > longest) {
      position -= 4;
      return rejected(id, "a length of 1 to " + std::to_string(longest), std::to_string(length));
    }
    const auto size = static_cast<std::size_t>(length);
    if (left() < size) return rejected(id, std::to_string(length) + " bytes of text" + of_all, bytes_left());
    std::string text(size, '\0');
    std::ranges::transform(file.subspan(position, size), text.begin(),
                           [](std::byte b) { return std::bit_cast<char>(b); });
    if (id >= first_byte && id < first_text && text != byte_piece(id))
      return rejected(id, byte_piece(id), quoted_name(text));
    position += size;
    tokenizer.text_ += text;
    tokenizer.begins_.push_back(tokenizer.text_.size());
    tokenizer.scores_.push_back(score);
    if (id >= first_text) tokenizer.by_spelling_.push_back(id);
  }
  if (left() != 0)
    return rejected(vocabulary_size - 1, "the end of the file after " + std::to_string(vocabulary_size) + " pieces",
                    std::to_string(left()) + " more bytes");
  std::ranges::stable_sort(tokenizer.by_spelling_, {}, [&](std::int32_t id) { return tokenizer.spelling(id); });
  return tokenizer;
}

/// One symbol for the leading space and one per code point: a byte with its continuation bytes, at most four.
inline std::vector<llama2c_tokenizer::symbol> llama2c_tokenizer::split(std::string_view text) const {
  constexpr std::size_t longest_code_point = 4;
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u;
  };
  std::vector<symbol> symbols;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    ++end;
    while (begin > 0 && end - begin < longest_code_point && continues(end)) ++end;
    const std::size_t number = symbols.size();
    symbols.push_back({begin, end - begin, find(text.substr(begin, end - begin)), number == 0 ? no_symbol : number - 1,
                       end == text.size() ? no_symbol : number + 1});
  }
  return symbols;
}

inline std::vector<std::int32_t> llama2c_tokenizer::encode(std::string_view text,
                                                           bool add_begin_of_sequence) const noexcept {
  std::vector<std::int32_t> ids;
  if (add_begin_of_sequence) ids.push_back(begin_of_sequence);
  if (text.empty()) return ids;

  std::string spaced(1, ' ');
  spaced += text;
  std::vector<symbol> symbols = split(spaced);
  std::priority_queue<merge> merges;
  const auto propose = [&](std::size_t left) {
    if (left == no_symbol || symbols[left].next == no_symbol) return;
    const symbol &first = symbols[left], &second = symbols[first.next];
    const std::size_t length = first.length + second.length;
    if (first.id == no_piece || second.id == no_piece || length > longest_) return;
    const std::int32_t id = find(std::string_view{spaced}.substr(first.begin, length));
    if (id != no_piece) merges.push({scores_[static_cast<std::size_t>(id)], left, length, id});
  };
  for (std::size_t left = 0; left < symbols.size(); ++left) propose(left);
  while (!merges.empty()) {
    const merge best = merges.top();
    merges.pop();
    symbol& first = symbols[best.left];
    // A neighbor that has grown makes the pair longer; one that was merged is empty.
    if (first.length == 0 || first.next == no_symbol || first.length + symbols[first.next].length != best.length)
      continue;
    symbol& second = symbols[first.next];
    first.length = best.length;
    first.id = best.id;
    first.next = second.next;
    second.length = 0;
    if (first.next != no_symbol) symbols[first.next].previous = best.left;
    propose(first.previous);
    propose(best.left);
  }
  for (const symbol& each : symbols) {
    if (each.id != no_piece) {
      if (each.length > 0) ids.push_back(each.id);
    } else {
      for (const char byte : std::string_view{spaced}.substr(each.begin, each.length))
        ids.push_back(first_byte + static_cast<unsigned char>(byte));
    }
  }
  return ids;
}

}  // namespace typeformer
