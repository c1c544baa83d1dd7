// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/text/byte_alphabet.hpp>
#include <typeformer/text/text_pattern.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// The steps that make a text of tokens, under the names of Hugging Face's `tokenizer.json`.
namespace decoders {

struct byte_level {};
struct byte_fallback {};  ///< `<0x41>` is a byte
struct fuse {};           ///< joins the tokens
struct bpe {
  std::string suffix = "</w>";  ///< the end of a word: a space, but not at the end
};
struct wordpiece {
  std::string prefix = "##";
  bool cleans_up = true;  ///< takes the spaces before punctuation away
};
struct metaspace {
  std::string replacement = "\xE2\x96\x81";
  bool drops_first = true;
};
struct replace {
  text_pattern pattern;
  std::string text;
};
struct strip {
  char32_t character = U' ';
  std::size_t at_begin = 0, at_end = 0;  ///< the most that are dropped
};
struct ctc {
  std::string padding = "<pad>", word_delimiter = "|";
  bool cleans_up = true;
};

using step = std::variant<byte_level, byte_fallback, fuse, bpe, wordpiece, metaspace, replace, strip, ctc>;
using token_texts = std::vector<std::string>;

inline std::string replaced(std::string_view text, std::string_view old, std::string_view by) {
  std::string made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t found = old.empty() ? text.npos : text.find(old, at);
    made += text.substr(at, (std::min)(found, text.size()) - at);
    if (found == text.npos) break;
    made += by;
    at = found + old.size();
  }
  return made;
}

inline std::string cleaned_up(std::string text) {
  constexpr std::string_view rules[][2] = {{" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
                                           {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
                                           {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  if (text.find(' ') == text.npos) return text;
  for (const auto& [old, by] : rules) text = replaced(text, old, by);
  return text;
}

inline void apply(byte_level, token_texts& tokens) {
  std::string bytes;
  for (const std::string& each : tokens) bytes += byte_alphabet::bytes_of(each).value_or(each);
  tokens = {with_replacement_characters(bytes)};
}

inline std::optional<char> byte_of_fallback(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return {};
  unsigned byte = 0;
  for (const char digit : token.substr(3, 2)) {
    const std::size_t value = std::string_view("0123456789abcdef").find(static_cast<char>(digit | 0x20));
    if (value == std::string_view::npos || digit < '0') return {};
    byte = byte * 16 + static_cast<unsigned>(value);
  }
  return static_cast<char>(byte);
}

inline void apply(byte_fallback, token_texts& tokens) {
  token_texts made;
  std::string bytes;
  const auto finish = [&] {
    if (bytes.empty()) return;
    if (utf8_error(bytes) == bytes.size()) made.push_back(bytes);
    else made.insert(made.end(), bytes.size(), "\xEF\xBF\xBD");
    bytes.clear();
  };
  for (std::string& each : tokens) {
    if (const auto byte = byte_of_fallback(each)) {
      bytes += *byte;
      continue;
    }
    finish();
    made.push_back(std::move(each));
  }
  finish();
  tokens = std::move(made);
}

inline void apply(fuse, token_texts& tokens) {
  std::string whole;
  for (const std::string& each : tokens) whole += each;
  tokens = {std::move(whole)};
}

inline void apply(const bpe& how, token_texts& tokens) {
  for (std::string& each : tokens) each = replaced(each, how.suffix, &each == &tokens.back() ? "" : " ");
}

inline void apply(const wordpiece& how, token_texts& tokens) {
  for (std::string& each : tokens) {
    if (&each != &tokens.front()) {
      if (each.starts_with(how.prefix)) each.erase(0, how.prefix.size());
      else each.insert(0, 1, ' ');
    }
    if (how.cleans_up) each = cleaned_up(std::move(each));
  }
}

inline void apply(const metaspace& how, token_texts& tokens) {
  for (std::string& each : tokens)
    each = replaced(each, how.replacement, &each == &tokens.front() && how.drops_first ? "" : " ");
}

inline void apply(const replace& how, token_texts& tokens) {
  for (std::string& each : tokens) {
    std::string made;
    how.pattern.for_each_part(each, [&](std::size_t begin, std::size_t end, bool is_match) {
      made += is_match ? std::string_view{how.text} : std::string_view{each}.substr(begin, end - begin);
    });
    each = std::move(made);
  }
}

inline void apply(const strip& how, token_texts& tokens) {
  std::string character;
  append_utf8(character, how.character);
  for (std::string& each : tokens) {
    for (std::size_t i = 0; i < how.at_begin && each.starts_with(character); ++i) each.erase(0, character.size());
    for (std::size_t i = 0; i < how.at_end && each.ends_with(character); ++i)
      each.resize(each.size() - character.size());
  }
}

inline void apply(const ctc& how, token_texts& tokens) {
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  for (std::string& each : tokens) {
    each = replaced(each, how.padding, "");
    if (how.cleans_up) each = replaced(cleaned_up(std::move(each)), how.word_delimiter, " ");
  }
  std::erase_if(tokens, [](const std::string& each) { return each.empty(); });
}

}  // namespace decoders

}  // namespace typeformer
