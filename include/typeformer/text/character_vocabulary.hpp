// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// A tokenizer whose tokens are the characters (code points) of a text in ascending order, or the 256 bytes.
///
/// Nothing is thrown; if memory runs out the program ends.
class character_vocabulary {
 public:
  /// The distinct characters of a text. Errors: the text is empty or not UTF-8.
  static result<character_vocabulary, tokenizer_error> of(std::string_view text) noexcept {
    if (text.empty()) return failure{tokenizer_error{"the text is empty"}};
    character_vocabulary vocabulary;
    std::vector<bool> seen(0x11'0000);
    for (std::size_t position = 0; position < text.size();) {
      const utf8_step step = utf8_at(text, position);
      if (step.size == 0) return not_utf8(position);
      seen[step.code_point] = true;
      position += step.size;
    }
    for (char32_t c = 0; c < seen.size(); ++c)
      if (seen[c]) vocabulary.characters_.push_back(c);
    return vocabulary;
  }

  /// One token for each byte. It can encode any text, UTF-8 or not.
  static character_vocabulary of_bytes() noexcept { return {}; }

  /// The vocabulary that `saved` returned. Error: the text is not UTF-8 with ascending characters.
  static result<character_vocabulary, tokenizer_error> restore(std::string_view saved) noexcept {
    if (saved.empty()) return of_bytes();
    auto vocabulary = of(saved);
    if (vocabulary && vocabulary->saved() != saved)
      return failure{tokenizer_error{"the characters of a vocabulary must be distinct and in ascending order"}};
    return vocabulary;
  }
  /// The characters in the order of their ids. Empty for a vocabulary of bytes.
  std::string saved() const noexcept {
    std::string text;
    for (const char32_t c : characters_) append_utf8(text, c);
    return text;
  }

  bool is_of_bytes() const noexcept { return characters_.empty(); }
  std::int32_t size() const noexcept { return is_of_bytes() ? 256 : static_cast<std::int32_t>(characters_.size()); }

  /// The ids of a text. Errors: it is not UTF-8, or a character is not in the vocabulary.
  ///
  /// Cost: log(size) per character.
  result<std::vector<std::int32_t>, tokenizer_error> encode(std::string_view text) const noexcept {
    std::vector<std::int32_t> ids;
    ids.reserve(text.size());
    if (is_of_bytes()) {
      for (const char byte : text) ids.push_back(static_cast<unsigned char>(byte));
      return ids;
    }
    for (std::size_t position = 0; position < text.size();) {
      const utf8_step step = utf8_at(text, position);
      if (step.size == 0) return not_utf8(position);
      const auto found = std::ranges::lower_bound(characters_, step.code_point);
      if (found == characters_.end() || *found != step.code_point)
        return failure{tokenizer_error{"the character " + quoted_name(text.substr(position, step.size)) + " at byte " +
                                       std::to_string(position) + " is not in the vocabulary of " +
                                       std::to_string(size()) + " characters"}};
      ids.push_back(static_cast<std::int32_t>(found - characters_.begin()));
      position += step.size;
    }
    return ids;
  }

  /// The text of one token, or of several. Error: an id out of range.
  result<std::string, tokenizer_error> decode(std::int32_t id) const noexcept { return decode({&id, 1}); }
  result<std::string, tokenizer_error> decode(std::span<const std::int32_t> ids) const noexcept {
    if (const auto known = check_token_ids(ids, size()); !known) return failure{known.error()};
    std::string text;
    for (const std::int32_t id : ids) {
      if (is_of_bytes()) text += static_cast<char>(id);
      else append_utf8(text, characters_[static_cast<std::size_t>(id)]);
    }
    return text;
  }

 private:
  static failure<tokenizer_error> not_utf8(std::size_t position) {
    return {{"the text is not UTF-8 at byte " + std::to_string(position)}};
  }

  std::vector<char32_t> characters_;  ///< ascending; empty: bytes
};

}  // namespace typeformer
