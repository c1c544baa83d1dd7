// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/generation/candidates.hpp>

namespace typeformer {

/// A set of tokens with one bit each, in the caller's memory of `words_for(vocabulary)` words. Copies share that
/// memory.
class token_set {
 public:
  static constexpr index_type words_for(index_type vocabulary) { return (vocabulary + 31) / 32; }

  /// Empty at first.
  constexpr explicit token_set(std::span<std::uint32_t> words) : words_{words} { std::ranges::fill(words_, 0u); }

  /// Tokens beyond the memory are never in the set.
  constexpr void insert(std::int32_t id) {
    if (has_place(id)) words_[static_cast<std::size_t>(id / 32)] |= bit_of(id);
  }
  constexpr void erase(std::int32_t id) {
    if (has_place(id)) words_[static_cast<std::size_t>(id / 32)] &= ~bit_of(id);
  }
  constexpr bool contains(std::int32_t id) const {
    return has_place(id) && (words_[static_cast<std::size_t>(id / 32)] & bit_of(id)) != 0;
  }

 private:
  constexpr bool has_place(std::int32_t id) const { return id >= 0 && index_type(id / 32) < index_type(words_.size()); }
  static constexpr std::uint32_t bit_of(std::int32_t id) { return std::uint32_t{1} << (id % 32); }

  std::span<std::uint32_t> words_;
};

/// Keeps the tokens of a set.
class allowed_tokens {
 public:
  constexpr explicit allowed_tokens(token_set set) : set_{set} {}
  constexpr void operator()(candidates& left) const {
    left.keep_if([this](const candidate& item) { return set_.contains(item.id); });
  }

 private:
  token_set set_;
};

/// Removes the tokens of a set.
class banned_tokens {
 public:
  constexpr explicit banned_tokens(token_set set) : set_{set} {}
  constexpr void operator()(candidates& left) const {
    left.keep_if([this](const candidate& item) { return !set_.contains(item.id); });
  }

 private:
  token_set set_;
};

}  // namespace typeformer
