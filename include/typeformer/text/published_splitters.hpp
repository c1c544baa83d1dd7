// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <typeformer/text/unicode.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// The regular expressions by which GPT-2, GPT-4, Llama 3, Qwen 2 and their descendants split a text into words, as
/// functions. Every character belongs to a word.
class published_splitter {
 public:
  static constexpr std::string_view gpt2 =
      R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
  static constexpr std::string_view gpt2_in_groups =
      R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
  static constexpr std::string_view llama3 =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
  static constexpr std::string_view qwen2 =
      R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

  /// The function of an expression, if there is one.
  static constexpr std::optional<published_splitter> of(std::string_view expression) {
    if (expression == gpt2 || expression == gpt2_in_groups) return published_splitter{family::gpt2, 0};
    if (expression == llama3) return published_splitter{family::llama3, 3};
    if (expression == qwen2) return published_splitter{family::llama3, 1};
    return {};
  }

  /// Its expression.
  constexpr std::string_view source() const {
    return family_ == family::gpt2 ? gpt2 : most_digits_ == 3 ? llama3 : qwen2;
  }
  /// Precondition: begin < text.size(), and a word begins there.
  std::size_t end_of_word(std::string_view text, std::size_t begin) const {
    return family_ == family::gpt2 ? gpt2_word(text, begin) : llama3_word(text, begin);
  }

 private:
  enum class family : std::uint8_t { gpt2, llama3 };
  enum class kind : std::uint8_t { letter, number, space, other };
  struct classified {
    kind is;
    std::size_t size;
  };

  constexpr published_splitter(family family_of, int most_digits) : family_{family_of}, most_digits_{most_digits} {}

  static constexpr std::array<kind, 128> ascii_kinds = [] {
    std::array<kind, 128> table{};
    for (unsigned c = 0; c < 128; ++c) {
      const unsigned lower = c | 0x20u;
      table[c] = lower >= 'a' && lower <= 'z' ? kind::letter
                 : c >= '0' && c <= '9'       ? kind::number
                 : is_white_space(c)          ? kind::space
                                              : kind::other;
    }
    return table;
  }();
  static classified at(std::string_view text, std::size_t position) {
    const auto first = static_cast<unsigned char>(text[position]);
    if (first < 0x80) return {ascii_kinds[first], 1};
    const utf8_step step = character_at(text, position);
    const char32_t c = step.code_point;
    return {has_category(c, categories::letters)   ? kind::letter
            : has_category(c, categories::numbers) ? kind::number
            : is_white_space(c)                    ? kind::space
                                                   : kind::other,
            step.size};
  }
  static std::size_t end_of_run(std::string_view text, std::size_t position, kind wanted) {
    while (position < text.size()) {
      const classified next = at(text, position);
      if (next.is != wanted) break;
      position += next.size;
    }
    return position;
  }
  /// White space up to the last character before a word, which belongs to the word.
  static std::size_t end_of_spaces(std::string_view text, std::size_t begin, std::size_t end) {
    if (end == text.size()) return end;
    const std::size_t before_last = end - character_before(text, end).size;
    return before_last == begin ? end : before_last;
  }

  /// The size of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`; 0 if there is none.
  static std::size_t contraction(std::string_view text, std::size_t begin, bool ignores_case) {
    const auto letter = [&](std::size_t i) -> char {
      const char c = begin + i < text.size() ? text[begin + i] : '\0';
      return ignores_case && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    };
    const char first = letter(1), second = letter(2);
    if (first == 's' || first == 't' || first == 'm' || first == 'd') return 2;
    if ((first == 'r' || first == 'v') && second == 'e') return 3;
    if (first == 'l' && second == 'l') return 3;
    return ignores_case && text.substr(begin + 1).starts_with("\xC5\xBF") ? 3 : 0;  // the long s folds to s
  }

  static std::size_t gpt2_word(std::string_view text, std::size_t begin) {
    if (text[begin] == '\'')
      if (const std::size_t size = contraction(text, begin, false); size > 0) return begin + size;
    classified first = at(text, begin);
    std::size_t next = begin;
    if (text[begin] == ' ' && begin + 1 < text.size()) first = at(text, ++next);
    if (first.is != kind::space) return end_of_run(text, next + first.size, first.is);
    return end_of_spaces(text, begin, end_of_run(text, next + first.size, kind::space));
  }

  std::size_t llama3_word(std::string_view text, std::size_t begin) const {
    const char byte = text[begin];
    if (byte == '\'')
      if (const std::size_t size = contraction(text, begin, true); size > 0) return begin + size;
    const classified first = at(text, begin);
    std::size_t next = begin + first.size;
    if (first.is == kind::letter) return end_of_run(text, next, kind::letter);
    if (first.is == kind::number) {
      for (int digits = 1; digits < most_digits_ && next < text.size(); ++digits) {
        const classified digit = at(text, next);
        if (digit.is != kind::number) break;
        next += digit.size;
      }
      return next;
    }
    const classified second = next < text.size() ? at(text, next) : classified{kind::space, 0};
    if (second.is == kind::letter && byte != '\r' && byte != '\n')
      return end_of_run(text, next + second.size, kind::letter);
    if (first.is == kind::other || (byte == ' ' && second.is == kind::other)) {
      next = end_of_run(text, next, kind::other);
      while (next < text.size() && (text[next] == '\r' || text[next] == '\n')) ++next;
      return next;
    }
    const std::size_t end = end_of_run(text, next, kind::space);
    for (std::size_t newline = end; newline > begin; --newline)
      if (text[newline - 1] == '\r' || text[newline - 1] == '\n') return newline;
    return end_of_spaces(text, begin, end);
  }

  family family_;
  int most_digits_;
};

}  // namespace typeformer
