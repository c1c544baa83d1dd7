// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// Where a session's cached tokens are in the rows of its cache. Empty for models that keep all tokens.
template <capacities Reserved> class sliding_cache {
 public:
  /// Before a call with `more` tokens of a sequence that has `length` cached ones: how many of these are dropped.
  constexpr index_type make_room(std::size_t, index_type, index_type) { return 0; }
  /// After the call: how many of the `length` tokens in the rows stay cached, the newest.
  constexpr index_type keep(std::size_t, index_type length) const { return length; }
  constexpr void attach(token_batch&) const {}
  /// Sequence `to` continues from sequence `from`, or they are exchanged.
  constexpr void move(index_type, index_type, bool) {}
};

/// For models with a memory of earlier segments: the tokens move forward with the text, and back to the front when the
/// rows are full.
template <capacities Reserved>
  requires(Reserved.memory > 0)
class sliding_cache<Reserved> {
  static_assert(Reserved.context >= Reserved.memory + Reserved.tokens);

 public:
  /// Layers move the cached tokens to `kept_at`.
  constexpr index_type make_room(std::size_t sequence, index_type length, index_type more) {
    from_[sequence] = length > 0 ? next_[sequence] : 0;
    at_[sequence] = from_[sequence] + length + more <= Reserved.context ? from_[sequence] : 0;
    return 0;
  }
  constexpr index_type keep(std::size_t sequence, index_type length) {
    const index_type kept = (std::min)(length, Reserved.memory);
    next_[sequence] = at_[sequence] + length - kept;
    return kept;
  }
  constexpr void attach(token_batch& batch) const {
    batch.kept_from = from_.data();
    batch.kept_at = at_.data();
  }
  constexpr void move(index_type to, index_type from, bool exchanges) {
    if (exchanges) std::swap(next_[std::size_t(to)], next_[std::size_t(from)]);
    else next_[std::size_t(to)] = next_[std::size_t(from)];
  }

 private:
  std::array<index_type, std::size_t(Reserved.batch)> next_{}, from_{}, at_{};
};

/// With attention sinks: the tokens lie from the front, and the oldest after the sinks are dropped when the rows are full.
template <capacities Reserved>
  requires(Reserved.sinks >= 0)
class sliding_cache<Reserved> {
  static_assert(Reserved.context >= Reserved.sinks + Reserved.tokens);

 public:
  constexpr index_type make_room(std::size_t sequence, index_type length, index_type more) {
    constexpr index_type at_once = Reserved.context / 16;
    const index_type beyond = length + more - Reserved.context;
    dropped_[sequence] = beyond > 0 ? (std::min)((std::max)(beyond, at_once), length - Reserved.sinks) : 0;
    return dropped_[sequence];
  }
  constexpr index_type keep(std::size_t, index_type length) const { return length; }
  constexpr void attach(token_batch& batch) const { batch.kept_from = dropped_.data(); }
  constexpr void move(index_type, index_type, bool) {}

 private:
  std::array<index_type, std::size_t(Reserved.batch)> dropped_{};
};

}  // namespace typeformer::inline TYPEFORMER_ISA
