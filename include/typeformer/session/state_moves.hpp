// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>

#include <typeformer/session/sequence_moves.hpp>

namespace typeformer {

/// Moves what sequences remember, or exchanges it.
template <class T> constexpr void move_elements(T* to, T* from, index size, bool exchanges) {
  if (exchanges) std::swap_ranges(to, to + size, from);
  else std::copy_n(from, size, to);
}

/// The same for all states of a plan: each has [iterations of its loops][sequences][…], and the next one begins behind it.
template <class Plan, class Scalar>
constexpr void move_state(const Plan& plan, index sequences, Scalar* state, const sequence_move& move) {
  for (int s = 0; s < plan.state_count; ++s) {
    const index first = plan.states[std::size_t(s)].offset, whole = plan.states[std::size_t(s)].size,
                end = s + 1 < plan.state_count ? plan.states[std::size_t(s) + 1].offset : plan.state;
    const index size = whole / sequences;
    for (index at = first; at < end; at += whole)
      move_elements(state + at + move.to * size, state + at + move.from * size, size, move.exchanges);
  }
}

}  // namespace typeformer
