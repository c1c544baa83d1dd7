// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <utf8proc.h>

#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// A set of Unicode general categories: one bit for each, numbered as in utf8proc.
using category_set = std::uint32_t;

namespace categories {

constexpr category_set from_to(utf8proc_category_t first, utf8proc_category_t last) {
  return (category_set{2} << last) - (category_set{1} << first);
}
inline constexpr category_set letters = from_to(UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LO),
                              marks = from_to(UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_ME),
                              nonspacing_marks = from_to(UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_MN),
                              digits = from_to(UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_ND),
                              letter_numbers = from_to(UTF8PROC_CATEGORY_NL, UTF8PROC_CATEGORY_NL),
                              numbers = from_to(UTF8PROC_CATEGORY_ND, UTF8PROC_CATEGORY_NO),
                              connectors = from_to(UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PC),
                              punctuation = from_to(UTF8PROC_CATEGORY_PC, UTF8PROC_CATEGORY_PO),
                              symbols = from_to(UTF8PROC_CATEGORY_SM, UTF8PROC_CATEGORY_SO),
                              separators = from_to(UTF8PROC_CATEGORY_ZS, UTF8PROC_CATEGORY_ZP),
                              unassigned = from_to(UTF8PROC_CATEGORY_CN, UTF8PROC_CATEGORY_CN),
                              others = from_to(UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CO) | unassigned,
                              all = from_to(UTF8PROC_CATEGORY_CN, UTF8PROC_CATEGORY_CO);

/// The set that `\p{name}` means, such as `L` or `Nd`; 0 if there is none.
constexpr category_set named(std::string_view name) {
  if (name.size() == 1) switch (name[0]) {
      case 'L': return letters;
      case 'M': return marks;
      case 'N': return numbers;
      case 'P': return punctuation;
      case 'S': return symbols;
      case 'Z': return separators;
      case 'C': return others;
      default: return 0;
    }
  constexpr std::string_view two_letters = "CnLuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoSmScSkSoZsZlZpCcCfCsCo";
  for (std::size_t i = 0; name.size() == 2 && i < two_letters.size(); i += 2)
    if (two_letters.substr(i, 2) == name) return category_set{1} << (i / 2);
  return 0;
}

}  // namespace categories

inline bool has_category(char32_t c, category_set set) {
  return ((category_set{1} << utf8proc_category(static_cast<utf8proc_int32_t>(c))) & set) != 0;
}

/// Unicode's `\w` (UTS 18, Annex C): letters, marks, decimal digits, connectors, joiners.
inline bool is_word_character(char32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  using namespace categories;
  return has_category(c, letters | marks | digits | letter_numbers | connectors) || c == 0x200C || c == 0x200D ||
         (c >= 0x24B6 && c <= 0x24E9) || (c >= 0x1'F130 && c <= 0x1'F149) || (c >= 0x1'F150 && c <= 0x1'F169) ||
         (c >= 0x1'F170 && c <= 0x1'F189);
}

/// Digits, and whatever else Unicode calls a number.
inline bool is_numeric(char32_t c) { return c < 0x80 ? c >= '0' && c <= '9' : has_category(c, categories::numbers); }

/// Unicode punctuation, and the ASCII characters that are neither letters, digits, white space nor controls.
inline bool is_punctuation(char32_t c) {
  if (c < 0x80) return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || (c > 'z' && c < 0x7F);
  return has_category(c, categories::punctuation);
}

/// The lower case of a character, without context. Only U+0130 becomes two characters; the second one is `second`.
struct lower_case_letters {
  char32_t first, second = 0;
};
inline lower_case_letters lower_case_of(char32_t c) {
  if (c < 0x80) return {c >= 'A' && c <= 'Z' ? c + 32 : c};
  if (c == 0x130) return {U'i', 0x307};
  return {static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)))};
}

inline std::uint8_t combining_class_of(char32_t c) {
  return c < 0x300
             ? std::uint8_t{0}
             : static_cast<std::uint8_t>(utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class);
}

/// The character at `position`. A byte that is not UTF-8 is a replacement character of one byte.
inline utf8_step character_at(std::string_view text, std::size_t position) {
  const auto first = static_cast<unsigned char>(text[position]);
  if (first < 0x80) return {static_cast<char32_t>(first), 1};
  const utf8_step step = utf8_at(text, position);
  return step.size == 0 ? utf8_step{0xFFFD, 1} : step;
}

/// The character that ends before `position`, which must not be 0.
inline utf8_step character_before(std::string_view text, std::size_t position) {
  for (std::size_t size = 1; size <= 4 && size <= position; ++size) {
    const utf8_step step = utf8_at(text.substr(0, position), position - size);
    if (step.size == size) return step;
  }
  return {0xFFFD, 1};
}

/// Calls `visit(code point, position, bytes)` for each character of a text.
template <class Visit> void visit_characters(std::string_view text, Visit&& visit) {
  for (std::size_t position = 0; position < text.size();) {
    const utf8_step step = character_at(text, position);
    visit(step.code_point, position, step.size);
    position += step.size;
  }
}

}  // namespace typeformer
