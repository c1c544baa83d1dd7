// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/llama2c_file.hpp>
#include <typeformer/text/detail/pair_merging.hpp>
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
  static constexpr std::int32_t unknown = 0, begin_of_sequence = 1, end_of_sequence = 2,
                                first_byte = detail::llama2c_pieces::first_byte,
                                first_text = detail::llama2c_pieces::first_text;

  /// Reads a tokenizer from the bytes of its file. The file does not contain its vocabulary size.
  ///
  /// Error: the bytes are not such a file with exactly `vocabulary_size` pieces.
  static result<llama2c_tokenizer, tokenizer_error> parse(std::span<const std::byte> file,
                                                          std::int32_t vocabulary_size) noexcept;

  std::int32_t vocabulary_size() const noexcept { return pieces_.spellings.size(); }

  /// The piece as it is in the file, as a view of the tokenizer. Error: an id out of range.
  result<std::string_view, tokenizer_error> piece(std::int32_t id) const noexcept {
    if (const auto known = check_token_ids({&id, 1}, vocabulary_size()); !known) return failure{known.error()};
    return pieces_.spellings[id];
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

  std::string_view text_after(std::int32_t previous, std::int32_t id) const {
    const std::string_view text = pieces_.spellings[id];
    if (id == begin_of_sequence || id == end_of_sequence) return {};
    if (pieces_.is_byte(id)) return {&bytes[static_cast<std::size_t>(id - first_byte)], 1};
    return previous == begin_of_sequence && text.starts_with(' ') ? text.substr(1) : text;
  }

  detail::llama2c_pieces pieces_;
};

inline result<llama2c_tokenizer, tokenizer_error> llama2c_tokenizer::parse(std::span<const std::byte> file,
                                                                           std::int32_t vocabulary_size) noexcept {
  auto pieces = detail::parse_llama2c_file(file, vocabulary_size);
  if (!pieces) return failure{pieces.error()};
  llama2c_tokenizer tokenizer;
  tokenizer.pieces_ = std::move(*pieces);
  return tokenizer;
}

inline std::vector<std::int32_t> llama2c_tokenizer::encode(std::string_view text,
                                                           bool add_begin_of_sequence) const noexcept {
  std::vector<std::int32_t> ids;
  if (add_begin_of_sequence) ids.push_back(begin_of_sequence);
  if (!text.empty()) detail::merge_pairs(text, pieces_, ids);
  return ids;
}

}  // namespace typeformer
