// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/spelled_leaf.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/memory/planner.hpp>

namespace typeformer {

namespace error {
// `Where` begins like the names of the parameters of the layer that declares the state.
template <fixed_string Where, class Model> struct this_state_cannot_be_rewound : mismatch {};
template <fixed_string Where, class Model> struct this_state_does_not_slide : mismatch {};
template <fixed_string Where, class Model> struct this_state_cannot_drop_tokens : mismatch {};
template <fixed_string Where, class Model> struct this_state_cannot_move_to_another_sequence : mismatch {};
/// The oldest tokens were dropped for new ones, so that fewer tokens than before would be cached.
template <class Model> struct a_memory_that_slides_cannot_be_rewound : mismatch {};
}  // namespace error

namespace detail {

/// The first state of a plan that lacks an ability, or -1.
template <class Plan> constexpr int first_state_without(bool state_traits::*ability) {
  for (int s = 0; s < Plan::value.state_count; ++s)
    if (!(Plan::value.states[std::size_t(s)].can.*ability)) return s;
  return -1;
}

/// The name of a state. It walks the model once more, only for an error.
template <class M, class Use, int State> constexpr auto name_of_state() {
  return spelled([] {
    planner<Use> walked;
    walked.record_path_of_state(State);
    forward_walk<M>::walk(walked);
    return walked.path_of_state();
  });
}

template <template <fixed_string, class> class Error, bool state_traits::*Ability, class Plan, class M>
constexpr auto checked_states() {
  if constexpr (constexpr int s = first_state_without<Plan>(Ability); s >= 0)
    return Error<name_of_state<M, typename Plan::use, s>(), M>{};
  else return nothing{};
}

template <class Plan, class M> constexpr auto checked_rewinding() {
  if constexpr (drops_the_oldest(Plan::use::reserved)) return error::a_memory_that_slides_cannot_be_rewound<M>{};
  else return checked_states<error::this_state_cannot_be_rewound, &state_traits::rewinds, Plan, M>();
}
template <class Plan, class M> constexpr auto checked_sliding() {
  if constexpr (Plan::use::reserved.sinks >= 0)
    return checked_states<error::this_state_cannot_drop_tokens, &state_traits::drops, Plan, M>();
  else if constexpr (Plan::use::reserved.memory == 0) return nothing{};
  else return checked_states<error::this_state_does_not_slide, &state_traits::slides, Plan, M>();
}

}  // namespace detail

/// Nothing, or the mismatch that names the first state which cannot forget its newest tokens.
template <class Plan, class M> using rewinding_of = decltype(detail::checked_rewinding<Plan, M>());
/// The same for states that cannot drop their oldest tokens, if the model needs it.
template <class Plan, class M> using sliding_of = decltype(detail::checked_sliding<Plan, M>());
/// The same for states that cannot be copied from one sequence to another.
template <class Plan, class M>
using reordering_of = decltype(detail::checked_states<error::this_state_cannot_move_to_another_sequence,
                                                      &state_traits::reorders, Plan, M>());

/// A session whose sequences can forget their newest tokens: `truncate`, reuse of prompts, speculative decoding.
template <class Session>
concept Rewindable = fits_together<typename Session::rewinding>;
/// A session whose sequences can continue from other sequences: `reorder`, beam search.
template <class Session>
concept Reorderable = fits_together<typename Session::reordering>;

}  // namespace typeformer
