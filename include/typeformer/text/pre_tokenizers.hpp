// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <typeformer/text/normalizers.hpp>
#include <typeformer/text/split_text.hpp>
#include <typeformer/text/text_pattern.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// The steps that split a text into words, under the names of Hugging Face's `tokenizer.json`.
namespace pre_tokenizers {

struct split {
  text_pattern pattern;
  split_behavior behavior = split_behavior::isolated;
  bool is_inverted = false;
};
struct bert {};  ///< at white space, and around punctuation
struct byte_level {
  bool adds_space = true;
  bool splits = true;        ///< by GPT-2's expression
  bool spells_bytes = true;  ///< false if the model is byte-level itself
};
enum class prepend_scheme { always, first, never };
struct metaspace {
  std::string replacement = "\xE2\x96\x81";
  prepend_scheme prepends = prepend_scheme::always;
  bool splits = true;
};
struct fixed_length {
  std::size_t characters = 5;
};

using step = std::variant<split, bert, byte_level, metaspace, fixed_length>;

/// False if a regular expression would take too long.
inline bool apply(const split& how, split_text& text) {
  return text.split_at(how.pattern, how.behavior, how.is_inverted);
}

inline bool apply(bert, split_text& text) {
  return text.split_at(text_pattern{is_white_space}, split_behavior::removed) &&
         text.split_at(text_pattern{is_punctuation}, split_behavior::isolated);
}

inline bool apply(const byte_level& how, split_text& text) {
  bool needs_space = false;
  for (const text_range& each : text.words()) needs_space = needs_space || !text.word(each).starts_with(' ');
  if (how.adds_space && needs_space)
    text.change_words([](aligned_text& word) {
      if (!word.text.starts_with(' ')) prepend_text(word, " ");
    });
  if (how.splits &&
      !text.split_at(text_pattern{*published_splitter::of(published_splitter::gpt2)}, split_behavior::isolated))
    return false;
  if (how.spells_bytes)
    text.change_words([](aligned_text& word) { normalizers::apply(normalizers::byte_level{}, word); });
  return true;
}

inline bool apply(const metaspace& how, split_text& text) {
  const normalizers::replace spaces{text_pattern{std::string(" ")}, how.replacement};
  text.change_words([&](aligned_text& word) {
    normalizers::apply(spaces, word);
    const bool prepends = how.prepends == prepend_scheme::always ||
                          (how.prepends == prepend_scheme::first && (!word.is_tracked || word.base == 0));
    if (prepends && !word.text.starts_with(how.replacement)) prepend_text(word, how.replacement);
  });
  return !how.splits || text.split_at(text_pattern{how.replacement}, split_behavior::merged_with_next);
}

inline bool apply(const fixed_length& how, split_text& text) {
  return text.split_words([&](std::string_view word, std::size_t at, const auto& emit) {
    std::size_t begin = 0, characters = 0;
    visit_characters(word, [&](char32_t, std::size_t next, std::size_t) {
      if (characters++ < how.characters) return;
      emit(at + begin, at + next);
      begin = next, characters = 1;
    });
    emit(at + begin, at + word.size());
    return true;
  });
}

}  // namespace pre_tokenizers

}  // namespace typeformer
