// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

/// Decodes tokens as they come. The pieces of text, one after the other, are the text of all tokens; a character whose
/// bytes are in several tokens comes with the last of them.
///
/// The tokenizer must outlive the stream. Cost: a token is decoded with the few before it.
class decode_stream {
 public:
  explicit decode_stream(const tokenizer& with, bool skips_special = true)
      : tokenizer_{with}, skips_special_{skips_special} {}

  /// The text that a token adds; empty if its character is not complete.
  std::string step(std::int32_t id) {
    ids_.push_back(id);
    const std::string text = tokenizer_.decode(ids_, skips_special_);
    // A token completes at most the character that three before it have begun.
    const bool waits = text.ends_with(replacement) && ids_.size() - shown_ids_ < most_waiting;
    if (waits || text.size() <= shown_.size()) return {};
    return show(text);
  }

  /// What is left at the end: U+FFFD for a character that is not complete.
  std::string finish() {
    const std::string text = tokenizer_.decode(ids_, skips_special_);
    std::string rest = text.size() > shown_.size() ? show(text) : std::string{};
    ids_.clear(), shown_.clear(), shown_ids_ = 0;
    return rest;
  }

 private:
  static constexpr std::string_view replacement = "\xEF\xBF\xBD";
  static constexpr std::size_t most_waiting = 4;

  std::string show(const std::string& text) {
    std::string added = text.substr(text.starts_with(shown_) ? shown_.size() : common_size(text, shown_));
    // The tokens of the last piece stay, because how a token is decoded depends on what is before it.
    ids_.erase(ids_.begin(), ids_.begin() + static_cast<std::ptrdiff_t>(shown_ids_));
    shown_ = tokenizer_.decode(ids_, skips_special_);
    shown_ids_ = ids_.size();
    return added;
  }
  static std::size_t common_size(std::string_view a, std::string_view b) {
    std::size_t size = 0;
    while (size < a.size() && size < b.size() && a[size] == b[size]) ++size;
    return size;
  }

  const tokenizer& tokenizer_;
  bool skips_special_;
  std::vector<std::int32_t> ids_;  ///< of the last piece of text, and those that wait
  std::string shown_;              ///< the text of the first `shown_ids_` of them
  std::size_t shown_ids_ = 0;
};

}  // namespace typeformer
