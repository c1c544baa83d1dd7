// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/reference/attention_call.hpp>

namespace typeformer {

/// Which probabilities of one sequence are dropped. They are drawn from (seed, step, place, head, query, key), so
/// nothing is stored and the backward pass drops the same ones as the forward pass.
///
/// Precondition: fewer than 2^16 queries and 2^18 keys.
struct probability_dropout {
  static constexpr index_type group = 4;  ///< keys per block of random words

  philox::key_type seed{};
  std::uint32_t place = 0;  ///< the layer and the iterations of the loops around it
  std::uint32_t step_low = 0, step_high = 0;
  std::uint32_t first_head = 0;  ///< of this sequence, among the heads of all sequences
  std::uint32_t threshold = 0;   ///< smaller words drop
  double kept_scale = 1;         ///< 1 / (1 - rate)

  /// One word for each key in the group of `key`.
  constexpr philox::counter_type words(index_type head, index_type query, index_type key) const {
    return philox::block({static_cast<std::uint32_t>(query) << 16 | static_cast<std::uint32_t>(key / group), place,
                          step_low, step_high ^ (first_head + static_cast<std::uint32_t>(head))},
                         seed);
  }
  constexpr double factor(std::uint32_t word) const { return word < threshold ? 0 : kept_scale; }
  constexpr double factor(index_type head, index_type query, index_type key) const {
    return factor(words(head, query, key)[static_cast<std::size_t>(key % group)]);
  }
};

/// The operands of an attention that drops probabilities in training: y = sum over keys of factor * probability * v.
template <class S> struct dropping_attention_call : attention_call<S> {
  probability_dropout dropout;
};

/// Precondition: the mask of the call is `with_dropout`.
template <class S> constexpr const probability_dropout& dropout_of(const attention_call<S>& call) {
  return static_cast<const dropping_attention_call<S>&>(call).dropout;
}

}  // namespace typeformer
