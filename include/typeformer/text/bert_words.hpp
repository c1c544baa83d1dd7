// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include <utf8proc.h>

#include <typeformer/text/unicode.hpp>
#include <typeformer/text/utf8.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

enum class bert_casing {
  cased,   ///< letters are not changed
  uncased  ///< lower case without accents
};

namespace detail {

inline utf8proc_category_t category_of(char32_t c) { return utf8proc_category(static_cast<utf8proc_int32_t>(c)); }

/// Control and format characters, except the three that BERT treats as white space, and the replacement character.
inline bool is_dropped_by_bert(char32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  const utf8proc_category_t category = category_of(c);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || c == 0xFFFD;
}

/// The blocks of CJK ideographs that BERT separates. Kana and hangul are not among them.
inline bool is_cjk_ideograph(char32_t c) {
  struct block {
    char32_t first, last;
  };
  constexpr block blocks[] = {{0x3400, 0x4DBF},     {0x4E00, 0x9FFF},     {0xF900, 0xFAFF},     {0x2'0000, 0x2'A6DF},
                              {0x2'A700, 0x2'B73F}, {0x2'B740, 0x2'B81F}, {0x2'B820, 0x2'CEAF}, {0x2'F800, 0x2'FA1F}};
  return std::ranges::any_of(blocks, [c](const block& each) { return c >= each.first && c <= each.last; });
}

/// Unicode's property Cased (The Unicode Standard, D135).
inline bool is_cased(char32_t c) {
  const auto code_point = static_cast<utf8proc_int32_t>(c);
  return has_category(c, categories::from_to(UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LT)) ||
         utf8proc_tolower(code_point) != code_point || utf8proc_toupper(code_point) != code_point || c == 0xAA ||
         c == 0xBA || (c >= 0x1'F130 && c <= 0x1'F149) || (c >= 0x1'F150 && c <= 0x1'F169) ||
         (c >= 0x1'F170 && c <= 0x1'F189);
}

/// Unicode's property Case_Ignorable (D136): marks, formats, modifiers, and punctuation that occurs within words.
inline bool is_case_ignorable(char32_t c) {
  constexpr std::u32string_view within_words =
      U"\u0027\u002E\u003A\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";
  switch (category_of(c)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK: return true;
    default: return within_words.find(c) != within_words.npos;
  }
}

/// Lower case by simple mappings. A capital sigma at the end of a word becomes a final sigma (Final_Sigma of
/// SpecialCasing.txt). The only other mapping to more than one letter, that of U+0130, differs only by an accent.
inline std::u32string lower_case(std::u32string_view word) {
  constexpr char32_t capital_sigma = 0x3A3, final_sigma = 0x3C2;
  const auto ends_cased = [](auto begin, auto end) {
    const auto found = std::find_if_not(begin, end, is_case_ignorable);
    return found != end && is_cased(*found);
  };
  std::u32string lowered;
  lowered.reserve(word.size());
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto place = word.begin() + static_cast<std::ptrdiff_t>(i);
    const bool is_final = word[i] == capital_sigma && ends_cased(std::make_reverse_iterator(place), word.rend()) &&
                          !ends_cased(place + 1, word.end());
    lowered += is_final ? final_sigma : static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(word[i])));
  }
  return lowered;
}

/// Normalization form D (Unicode Standard Annex 15) without nonspacing marks.
inline std::u32string without_accents(std::u32string_view word) {
  const auto combining_class = [](char32_t c) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
  };
  std::u32string decomposed;
  for (const char32_t c : word) {
    std::array<utf8proc_int32_t, 16> parts{};  // canonical decompositions have at most four
    const auto count =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                static_cast<utf8proc_ssize_t>(parts.size()), UTF8PROC_DECOMPOSE, nullptr);
    for (std::size_t i = 0; count > 0 && i < (std::min)(static_cast<std::size_t>(count), parts.size()); ++i)
      decomposed += static_cast<char32_t>(parts[i]);
  }
  for (auto begin = decomposed.begin(); begin != decomposed.end();) {
    const auto end = std::find_if(begin, decomposed.end(), [&](char32_t c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [&](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    begin = end == decomposed.end() ? end : end + 1;
  }
  std::erase_if(decomposed, [](char32_t c) { return category_of(c) == UTF8PROC_CATEGORY_MN; });
  return decomposed;
}

}  // namespace detail

/// The words of a text as BERT splits it (Devlin et al. 2018, arXiv:1810.04805), separated by spaces: the input of
/// `wordpiece::encode` and `learn_wordpiece_vocabulary`.
///
/// Controls and bytes that are not UTF-8 are dropped. Ideographs and punctuation are words by themselves. In the
/// uncased form words are in lower case and without accents. The library utf8proc classifies characters. Nothing is thrown; if memory runs out the program ends. Cost: linear, except for long runs of
/// accents on one letter, which are sorted.
inline std::string bert_words(std::string_view text, bert_casing casing = bert_casing::uncased) noexcept {
  std::string words;
  words.reserve(text.size());
  bool stands_alone = true;  // the last appended character
  const auto append = [&](char32_t c, bool alone) {
    if (!words.empty() && (alone || stands_alone)) words += ' ';
    append_utf8(words, c);
    stands_alone = alone;
  };
  std::u32string word;
  const auto finish_word = [&] {
    if (casing == bert_casing::uncased) word = detail::without_accents(detail::lower_case(word));
    stands_alone = true;
    for (const char32_t c : word) append(c, is_punctuation(c));
    word.clear();
  };
  for (std::size_t position = 0; position < text.size();) {
    const utf8_step step = utf8_at(text, position);
    position += (std::max)(step.size, std::size_t{1});
    const char32_t c = step.code_point;
    if (step.size == 0 || detail::is_dropped_by_bert(c)) continue;
    const bool is_ideograph = detail::is_cjk_ideograph(c);
    if (is_white_space(c) || is_ideograph) finish_word();
    if (!is_white_space(c)) word += c;
    if (is_ideograph) finish_word();
  }
  finish_word();
  return words;
}

}  // namespace typeformer
