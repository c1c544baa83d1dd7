// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/candidates.hpp>
#include <typeformer/generation/sampling_error.hpp>

namespace typeformer {

/// Keeps the k candidates with the greatest logits; of equal logits those with the lower id (Fan, Lewis, Dauphin 2018,
/// arXiv:1805.04833, §5.4). If there are fewer, all are kept.
class top_k {
 public:
  /// Error: k < 1.
  static constexpr result<top_k, sampling_error> of(index_type k) {
    if (k < 1) return failure{sampling_error::problem::top_k_is_less_than_one};
    return top_k{k};
  }

  constexpr index_type value() const { return k_; }

  constexpr void operator()(candidates& left) const { left.keep_most_probable(static_cast<std::size_t>(k_)); }

 private:
  constexpr explicit top_k(index_type k) : k_{k} {}
  index_type k_;
};

}  // namespace typeformer
