// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/character_vocabulary.hpp>
#include <typeformer/text/llama2c_tokenizer.hpp>

namespace typeformer {

/// The bytes that each token adds to a text, wherever it stands after the first one. A token without bytes is never
/// part of a text: begin and end tokens, padding.
class token_bytes {
 public:
  /// The next token, which has the id `size()`.
  void add(std::string_view bytes) {
    bytes_ += bytes;
    ends_.push_back(bytes_.size());
  }

  std::int32_t size() const { return static_cast<std::int32_t>(ends_.size()); }
  /// Empty for an id out of range.
  std::string_view operator[](std::int32_t id) const {
    if (id < 0 || id >= size()) return {};
    const auto place = static_cast<std::size_t>(id);
    const std::size_t begin = place == 0 ? 0 : ends_[place - 1];
    return std::string_view{bytes_}.substr(begin, ends_[place] - begin);
  }

 private:
  std::string bytes_;
  std::vector<std::size_t> ends_;
};

/// Characters, or the 256 bytes.
inline token_bytes bytes_of_tokens(const character_vocabulary& of) noexcept {
  token_bytes bytes;
  for (std::int32_t id = 0; id < of.size(); ++id) {
    const auto text = of.decode(id);
    bytes.add(text ? *text : std::string{});
  }
  return bytes;
}

/// Pieces and bytes. After the begin token the tokenizer drops the space of a piece; the prompt of a constrained text
/// should have another token behind it.
inline token_bytes bytes_of_tokens(const llama2c_tokenizer& of) noexcept {
  constexpr std::int32_t no_special = llama2c_tokenizer::unknown;  // before which spaces are not dropped
  token_bytes bytes;
  for (std::int32_t id = 0; id < of.vocabulary_size(); ++id) {
    const auto text = id < llama2c_tokenizer::first_byte ? std::string_view{} : *of.decode(no_special, id);
    bytes.add(text);
  }
  return bytes;
}

}  // namespace typeformer
