// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// Tokens with their ids, found by either. A text that is added again gets the new id; both ids lead to it.
class token_vocabulary {
 public:
  static constexpr std::int32_t none = -1;

  /// Error: the id is negative, or so large that most ids up to it would have no token.
  result<void, tokenizer_error> add(std::string_view text, std::int64_t id) noexcept {
    const auto most = static_cast<std::int64_t>(8 * (ends_.size() + 1) + 2'000'000);
    if (id < 0 || id > most)
      return failure{tokenizer_error{"token " + quoted_name(text) + ": expected an id from 0 to " +
                                     std::to_string(most) + ", found " + std::to_string(id)}};
    if (ends_.size() * 2 >= slots_.size()) grow();
    const auto entry = static_cast<std::int32_t>(ids_.size());
    texts_ += text;
    ends_.push_back(texts_.size());
    ids_.push_back(static_cast<std::int32_t>(id));
    place(entry);
    if (static_cast<std::size_t>(id) >= entries_.size()) entries_.resize(static_cast<std::size_t>(id) + 1, none);
    entries_[static_cast<std::size_t>(id)] = entry;
    return {};
  }

  /// The id of a token, or `none`.
  std::int32_t find(std::string_view text) const {
    if (slots_.empty()) return none;
    for (std::size_t slot = slot_of(text);; slot = (slot + 1) & (slots_.size() - 1)) {
      if (slots_[slot] == none) return none;
      if (text_of_entry(slots_[slot]) == text) return ids_[static_cast<std::size_t>(slots_[slot])];
    }
  }
  std::optional<std::string_view> text(std::int32_t id) const {
    if (id < 0 || static_cast<std::size_t>(id) >= entries_.size()) return {};
    const std::int32_t entry = entries_[static_cast<std::size_t>(id)];
    if (entry == none) return {};
    return text_of_entry(entry);
  }
  /// The number of different tokens, and the id after the largest one.
  std::size_t size() const { return size_; }
  std::int32_t ids_end() const { return static_cast<std::int32_t>(entries_.size()); }

 private:
  std::string_view text_of_entry(std::int32_t entry) const {
    const auto number = static_cast<std::size_t>(entry);
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view{texts_}.substr(begin, ends_[number] - begin);
  }
  std::size_t slot_of(std::string_view text) const { return std::hash<std::string_view>{}(text) & (slots_.size() - 1); }
  void place(std::int32_t entry) {
    std::size_t slot = slot_of(text_of_entry(entry));
    while (slots_[slot] != none && text_of_entry(slots_[slot]) != text_of_entry(entry))
      slot = (slot + 1) & (slots_.size() - 1);
    size_ += slots_[slot] == none;
    slots_[slot] = entry;
  }
  void grow() {
    slots_.assign((std::max)(slots_.size() * 2, std::size_t{64}), none);
    size_ = 0;
    for (std::size_t entry = 0; entry < ids_.size(); ++entry) place(static_cast<std::int32_t>(entry));
  }

  std::string texts_;
  std::vector<std::size_t> ends_;      ///< where the text of each entry ends
  std::vector<std::int32_t> ids_;      ///< of each entry
  std::vector<std::int32_t> slots_;    ///< entries by the hash of their texts
  std::vector<std::int32_t> entries_;  ///< by id
  std::size_t size_ = 0;
};

}  // namespace typeformer
