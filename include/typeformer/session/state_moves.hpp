// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/foundation/isa.hpp>
#include <typeformer/memory/plan.hpp>
#include <typeformer/session/sequence_moves.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// Makes one step of a rearrangement of sequences in all states of a plan. Precondition: each of them can be reordered.
///
/// A state has [iterations of its loops][sequences][…].
template <class Plan, class Scalar>
constexpr void move_state(const Plan& plan, index_type sequences, Scalar* state, const sequence_move& move) {
  for (int s = 0; s < plan.state_count; ++s) {
    const index_type whole = plan.states[std::size_t(s)].size;
    for (index_type at = plan.states[std::size_t(s)].offset; at < detail::end_of_state(plan, s); at += whole)
      move_rows(state + at, whole / sequences, move.to, move.from, move.exchanges);
  }
}

}  // namespace typeformer::inline TYPEFORMER_ISA
