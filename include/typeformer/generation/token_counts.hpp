// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <span>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// How often each token occurred, in the caller's memory [vocabulary]. Copies share that memory.
class token_counts {
 public:
  /// Sets all counts to 0.
  constexpr explicit token_counts(std::span<std::int32_t> counts) : counts_{counts} { clear(); }

  constexpr void clear() { std::ranges::fill(counts_, 0); }
  /// Tokens outside the vocabulary are not counted.
  constexpr void add(std::int32_t id) const {
    if (id >= 0 && index_type(id) < index_type(counts_.size())) ++counts_[static_cast<std::size_t>(id)];
  }
  constexpr void add(std::span<const std::int32_t> ids) const {
    for (const std::int32_t id : ids) add(id);
  }
  constexpr std::int32_t of(std::int32_t id) const {
    return id >= 0 && index_type(id) < index_type(counts_.size()) ? counts_[static_cast<std::size_t>(id)] : 0;
  }

 private:
  std::span<std::int32_t> counts_;
};

/// A filter of a sampling chain that keeps every candidate and counts the chosen token.
class count_chosen {
 public:
  constexpr explicit count_chosen(token_counts counts) : counts_{counts} {}
  template <class Candidates> constexpr void operator()(Candidates&) const {}
  constexpr void chosen(std::int32_t id) const { counts_.add(id); }

 private:
  token_counts counts_;
};

}  // namespace typeformer
