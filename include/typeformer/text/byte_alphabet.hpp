// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// GPT-2's alphabet: a printable character for each byte (Radford et al. 2019, `bytes_to_unicode`). In files, the
/// pieces of byte-level vocabularies are spelled with it.
struct byte_alphabet {
  static constexpr std::array<char32_t, 256> characters = [] {
    std::array<char32_t, 256> table{};
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const bool is_printable = (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte != 0xAD);
      table[byte] = is_printable ? char32_t{byte} : next++;
    }
    return table;
  }();
  static constexpr char32_t end = 0x100 + 68;
  static constexpr std::array<short, end> bytes = [] {
    std::array<short, end> table{};
    for (short& byte : table) byte = -1;
    for (unsigned byte = 0; byte < 256; ++byte) table[characters[byte]] = static_cast<short>(byte);
    return table;
  }();

  static std::string spelled(std::string_view text) {
    std::string spelling;
    for (const char byte : text) append_utf8(spelling, characters[static_cast<unsigned char>(byte)]);
    return spelling;
  }
  /// The bytes that a spelling stands for, if it consists of characters of the alphabet.
  static std::optional<std::string> bytes_of(std::string_view spelling) {
    std::string text;
    text.reserve(spelling.size());
    for (std::size_t at = 0; at < spelling.size();) {
      const utf8_step step = utf8_at(spelling, at);
      if (step.size == 0 || step.code_point >= end || bytes[step.code_point] < 0) return {};
      text += static_cast<char>(bytes[step.code_point]);
      at += step.size;
    }
    return text;
  }
};

/// A text in UTF-8: each longest beginning of a character that is not completed becomes U+FFFD (Unicode Standard, 3.9,
/// "maximal subparts").
inline std::string with_replacement_characters(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const utf8_step step = utf8_at(text, at);
    if (step.size > 0) {
      valid += text.substr(at, step.size);
      at += step.size;
      continue;
    }
    valid += replacement;
    const auto byte = [&](std::size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    const unsigned first = byte(0), second = byte(1);
    const bool begins = first >= 0xE0 ? (first == 0xE0   ? second >= 0xA0 && second < 0xC0
                                         : first == 0xED ? second >= 0x80 && second < 0xA0
                                         : first == 0xF0 ? second >= 0x90 && second < 0xC0
                                         : first == 0xF4 ? second >= 0x80 && second < 0x90
                                         : first < 0xF4  ? second >= 0x80 && second < 0xC0
                                                         : false)
                                      : false;
    const bool goes_on = begins && first >= 0xF0 && (byte(2) & 0xC0u) == 0x80u;
    at += goes_on ? 3 : begins ? 2 : 1;
  }
  return valid;
}

}  // namespace typeformer
