// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/piece_texts.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer::detail {

/// The pieces that a tokenizer file of llama2.c holds.
struct llama2c_pieces {
  static constexpr std::int32_t first_byte = 3, first_text = first_byte + 256, none = -1;

  piece_texts spellings;
  std::vector<float> scores;
  std::vector<std::int32_t> by_spelling;  ///< those that are text, in the order of their spellings
  std::size_t longest = 0;

  static constexpr bool is_byte(std::int32_t id) { return id >= first_byte && id < first_text; }

  /// Text pieces only: controls and bytes are never spelled by a text.
  std::int32_t find(std::string_view text) const {
    const auto found =
        std::ranges::lower_bound(by_spelling, text, {}, [this](std::int32_t id) { return spellings[id]; });
    return found != by_spelling.end() && spellings[*found] == text ? *found : none;
  }
};

/// How the file spells the piece of a byte.
inline std::string byte_piece(std::int32_t id) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto byte = static_cast<std::size_t>(id - llama2c_pieces::first_byte);
  return {'<', '0', 'x', digits[byte / 16], digits[byte % 16], '>'};
}

/// Error: the bytes are not such a file of exactly `vocabulary_size` pieces.
inline result<llama2c_pieces, tokenizer_error> parse_llama2c_file(std::span<const std::byte> file,
                                                                  std::int32_t vocabulary_size) {
  std::size_t position = 0;
  const auto read_word = [&] {
    std::uint32_t word = 0;
    for (int shift = 0; shift < 32; shift += 8) word |= std::to_integer<std::uint32_t>(file[position++]) << shift;
    return word;
  };
  const auto left = [&] { return file.size() - position; };
  const auto rejected = [&](std::int32_t id, const std::string& expected, const std::string& found) {
    const std::string where = id == llama2c_pieces::none ? "header" : "piece " + std::to_string(id);
    return failure{tokenizer_error{"tokenizer file, " + where + " at byte " + std::to_string(position) + ": expected " +
                                   expected + ", found " + found}};
  };
  const auto bytes_left = [&] { return std::to_string(left()) + " bytes before the end"; };

  if (vocabulary_size < llama2c_pieces::first_text)
    return rejected(llama2c_pieces::none, "a vocabulary of at least 259 pieces (3 controls and 256 bytes)",
                    std::to_string(vocabulary_size));
  if (left() < 4) return rejected(llama2c_pieces::none, "4 bytes of greatest piece length", bytes_left());
  const auto longest = std::bit_cast<std::int32_t>(read_word());
  if (longest < 1) {
    position = 0;
    return rejected(llama2c_pieces::none, "a greatest piece length of at least 1", std::to_string(longest));
  }

  llama2c_pieces pieces;
  pieces.longest = static_cast<std::size_t>(longest);
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
    if (pieces.is_byte(id) && text != byte_piece(id)) return rejected(id, byte_piece(id), quoted_name(text));
    position += size;
    pieces.spellings.add(text);
    pieces.scores.push_back(score);
    if (id >= pieces.first_text) pieces.by_spelling.push_back(id);
  }
  if (left() != 0)
    return rejected(vocabulary_size - 1, "the end of the file after " + std::to_string(vocabulary_size) + " pieces",
                    std::to_string(left()) + " more bytes");
  std::ranges::stable_sort(pieces.by_spelling, {}, [&](std::int32_t id) { return pieces.spellings[id]; });
  return pieces;
}

}  // namespace typeformer::detail
