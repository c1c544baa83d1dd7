// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>

#include <typeformer/kernels/attention.hpp>
#include <typeformer/reference/attention_dropout.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// Multiplies one number for each key in [first_key, first_key + count) of one query by the key's dropout factor.
/// `first_key` begins a group.
inline void drop(const probability_dropout& dropout, index_type head, index_type query, index_type first_key,
                 index_type count, float* x) {
  for (index_type i = 0; i < count; i += probability_dropout::group) {
    const auto words = dropout.words(head, query, first_key + i);
    for (index_type key = i; key < (std::min)(count, i + probability_dropout::group); ++key)
      x[key] *= static_cast<float>(dropout.factor(words[static_cast<std::size_t>(key - i)]));
  }
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
