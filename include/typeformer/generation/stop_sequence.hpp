// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <ranges>
#include <span>
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Tokens that end a text when they occur one after the other, and how many of them the last tokens match. Tokens of
/// earlier calls count.
///
/// Knuth, Morris and Pratt 1977, "Fast pattern matching in strings". Their table is computed where it is needed, so
/// that a stop sequence needs no memory. Cost: one comparison per token, rarely up to the square of the length.
class stop_sequence {
 public:
  /// A sequence without tokens never ends a text. The tokens must outlive the object.
  constexpr explicit stop_sequence(std::span<const std::int32_t> tokens) : tokens_{tokens} {}
  /// A temporary would leave a dangling view.
  template <class Owner>
    requires(std::ranges::range<Owner> && !std::is_lvalue_reference_v<Owner> && !std::ranges::borrowed_range<Owner>)
  explicit stop_sequence(Owner&&) = delete;

  constexpr std::span<const std::int32_t> tokens() const { return tokens_; }
  constexpr index_type length() const { return index_type(tokens_.size()); }
  /// The number of last tokens that would be removed if the rest of the sequence followed. Hold them back when you
  /// stream.
  constexpr index_type matched() const { return matched_; }
  constexpr void forget() { matched_ = 0; }

  /// Takes the next token. Returns true if it completes the sequence.
  constexpr bool hear(std::int32_t id) {
    if (tokens_.empty()) return false;
    if (matched_ == length()) matched_ = border(matched_);
    while (matched_ > 0 && tokens_[std::size_t(matched_)] != id) matched_ = border(matched_);
    matched_ += tokens_[std::size_t(matched_)] == id;
    return matched_ == length();
  }

 private:
  /// The length of the longest other prefix that is a suffix of the first `count` tokens.
  constexpr index_type border(index_type count) const {
    const auto begin = tokens_.begin();
    for (index_type length = count - 1; length > 0; --length)
      if (std::equal(begin, begin + length, begin + count - length)) return length;
    return 0;
  }

  std::span<const std::int32_t> tokens_;
  index_type matched_ = 0;
};

}  // namespace typeformer
