// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/byte_alphabet.hpp>
#include <typeformer/text/charsmap.hpp>
#include <typeformer/text/normalization_forms.hpp>
#include <typeformer/text/sentencepiece_normalizer.hpp>
#include <typeformer/text/text_pattern.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// The steps that change a text before it is split, under the names of Hugging Face's `tokenizer.json`.
namespace normalizers {

struct lowercase {};
struct nmt {};            ///< drops controls and makes spaces of other white space, as SentencePiece's `nmt` rules do
struct strip_accents {};  ///< drops combining marks
struct byte_level {};     ///< spells bytes with `byte_alphabet`
struct form {
  normalization_form to;
};
struct strip {
  bool left = true, right = true;
};
struct prepend {
  std::string text;
};
struct replace {
  text_pattern pattern;
  std::string text;
};
struct precompiled {
  charsmap rules;
};
struct bert {
  bool cleans_text = true, separates_ideographs = true, strips_accents = true, lowers_case = true;
};

using step = std::variant<lowercase, nmt, strip_accents, byte_level, form, strip, prepend, replace, precompiled, bert,
                          sentencepiece_normalizer>;

inline bool apply(lowercase, aligned_text& text) {
  text_rewriter rewriter{text};
  visit_characters(text.text, [&](char32_t c, std::size_t, std::size_t) {
    const lower_case_letters lowered = lower_case_of(c);
    rewriter.replace(lowered.first);
    if (lowered.second != 0) rewriter.insert(lowered.second);
  });
  return rewriter.finish(), true;
}

inline bool apply(nmt, aligned_text& text) {
  filter_characters(text, [](char32_t c) {
    return !((c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F);
  });
  map_characters(text, [](char32_t c) {
    const bool is_space = c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
                          c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
    return is_space ? U' ' : c;
  });
  return true;
}

inline bool apply(strip_accents, aligned_text& text) {
  return filter_characters(text, [](char32_t c) { return c < 0x300 || !has_category(c, categories::marks); }), true;
}

inline bool apply(byte_level, aligned_text& text) {
  text_rewriter rewriter{text};
  visit_characters(text.text, [&](char32_t, std::size_t at, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      const char32_t c = byte_alphabet::characters[static_cast<unsigned char>(text.text[at + i])];
      if (i == 0) rewriter.replace(c);
      else rewriter.insert(c);
    }
  });
  return rewriter.finish(), true;
}

inline bool apply(form to, aligned_text& text) { return normalize_to(text, to.to), true; }

inline bool apply(strip sides, aligned_text& text) {
  const std::string_view whole = text.text;
  std::size_t begin = 0, end = whole.size();
  while (sides.left && begin < end && is_white_space(character_at(whole, begin).code_point))
    begin += character_at(whole, begin).size;
  while (sides.right && begin < end && is_white_space(character_before(whole, end).code_point))
    end -= character_before(whole, end).size;
  text.text = std::string(whole.substr(begin, end - begin));
  if (text.is_tracked) {
    text.origins.resize(end);
    text.origins.erase(text.origins.begin(), text.origins.begin() + static_cast<std::ptrdiff_t>(begin));
  }
  return true;
}

inline bool apply(const prepend& what, aligned_text& text) { return prepend_text(text, what.text), true; }

inline bool apply(const replace& what, aligned_text& text) {
  text_rewriter rewriter{text};
  const bool is_done = what.pattern.for_each_part(text.text, [&](std::size_t begin, std::size_t end, bool is_match) {
    const std::string_view part = std::string_view{text.text}.substr(begin, end - begin);
    if (!is_match) return rewriter.keep(part);
    visit_characters(part, [&](char32_t, std::size_t, std::size_t) { rewriter.drop(); });
    visit_characters(what.text, [&](char32_t c, std::size_t, std::size_t) { rewriter.insert(c); });
  });
  return rewriter.finish(), is_done;
}

inline bool apply(const bert& how, aligned_text& text) {
  if (how.cleans_text) {
    filter_characters(text, [](char32_t c) {
      if (c < 0x80) return (c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n' || c == '\r';
      return c != 0xFFFD && !has_category(c, categories::others & ~categories::unassigned);
    });
    map_characters(text, [](char32_t c) { return is_white_space(c) ? U' ' : c; });
  }
  if (how.separates_ideographs) {
    // Not `is_cjk_ideograph`: in Hugging Face's code a block begins at 2B920 that begins at 2B820 in Google's.
    const auto is_ideograph = [](char32_t c) {
      constexpr char32_t blocks[][2] = {{0x3400, 0x4DBF},     {0x4E00, 0x9FFF},     {0xF900, 0xFAFF},
                                        {0x2'0000, 0x2'A6DF}, {0x2'A700, 0x2'B73F}, {0x2'B740, 0x2'B81F},
                                        {0x2'B920, 0x2'CEAF}, {0x2'F800, 0x2'FA1F}};
      return c >= 0x3400 && std::ranges::any_of(blocks, [c](const auto& each) { return c >= each[0] && c <= each[1]; });
    };
    text_rewriter rewriter{text};
    visit_characters(text.text, [&](char32_t c, std::size_t, std::size_t) {
      if (!is_ideograph(c)) return rewriter.replace(c);
      rewriter.replace(U' '), rewriter.insert(c), rewriter.insert(U' ');
    });
    rewriter.finish();
  }
  if (how.strips_accents) {
    normalize_to(text, normalization_form::nfd);
    filter_characters(text, [](char32_t c) { return c < 0x300 || !has_category(c, categories::nonspacing_marks); });
  }
  return !how.lowers_case || apply(lowercase{}, text);
}

/// Replaces each grapheme of at most 5 bytes, or else each character, by the shortest rule that applies to it.
inline bool apply(const precompiled& how, aligned_text& text) {
  // Like theirs: what a rule deletes is counted with the character that was written before, and lost before the first.
  std::vector<std::pair<char32_t, std::ptrdiff_t>> changes;
  const std::string_view whole = text.text;
  const auto write = [&](std::string_view old, std::string_view replacement) {
    std::ptrdiff_t surplus = 0;  // of characters
    visit_characters(old, [&](char32_t, std::size_t, std::size_t) { --surplus; });
    visit_characters(replacement, [&](char32_t c, std::size_t, std::size_t) {
      changes.push_back({c, 0});
      ++surplus;
    });
    for (std::size_t i = changes.size(); surplus > 0; --surplus) changes[--i].second = 1;
    if (surplus < 0 && !changes.empty()) changes.back().second += surplus;
  };
  constexpr std::size_t longest_grapheme = 5;
  for (std::size_t begin = 0, end = 0; begin < whole.size(); begin = end) {
    end = begin + character_at(whole, begin).size;
    utf8proc_int32_t state = 0;
    while (end < whole.size()) {
      const auto last = static_cast<utf8proc_int32_t>(character_before(whole, end).code_point);
      const utf8_step next = character_at(whole, end);
      if (utf8proc_grapheme_break_stateful(last, static_cast<utf8proc_int32_t>(next.code_point), &state)) break;
      end += next.size;
    }
    const std::string_view grapheme = whole.substr(begin, end - begin);
    const auto rule = grapheme.size() <= longest_grapheme ? how.rules.shortest(grapheme) : std::nullopt;
    if (rule) write(grapheme, rule->replacement);
    else
      visit_characters(grapheme, [&](char32_t c, std::size_t at, std::size_t size) {
        const auto of_one = how.rules.shortest(grapheme.substr(at, size));
        if (of_one) write(grapheme.substr(at, size), of_one->replacement);
        else changes.push_back({c, 0});
      });
  }
  text_rewriter rewriter{text};
  for (const auto& [c, change] : changes) rewriter.put(c, change);
  return rewriter.finish(), true;
}

inline bool apply(const sentencepiece_normalizer& how, aligned_text& text) { return how.apply(text), true; }

}  // namespace normalizers

}  // namespace typeformer
