// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/inspection/footprint.hpp>
#include <typeformer/laws/verdict.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer::laws {

namespace detail {

/// What holds a model for a use, as `memory` describes it: weights in canonical order, storage `in_place`.
template <Model M, class Use> struct holder_of;
template <Model M, class... O> struct holder_of<M, evaluating_with<O...>> {
  using type = forward_pass<M, O..., reads<canonical>, storage::in_place>;
};
template <Model M, class... O> struct holder_of<M, decoding_with<O...>> {
  using type = session<M, O..., reads<canonical>, storage::in_place>;
};
template <Model M, class Objective, class... O> struct holder_of<M, training_with<Objective, O...>> {
  using type = training_pass<M, Objective, O..., storage::in_place>;
};
template <Model M, class Objective, class... O> struct holder_of<M, scoring_with<Objective, O...>> {
  using type = loss_pass<M, Objective, O..., storage::in_place>;
};

template <Model M, class Use> void compare_memory(finding& f, const char* name) {
  const std::int64_t said = footprint<M, Use>::ram_bytes, held = sizeof(typename holder_of<M, Use>::type);
  f.found(double(said > held ? said - held : held - said), "bytes of ", name, ": said ", said, ", held ", held);
}

}  // namespace detail

/// Law: the sizes that `memory` gives are the sizes of the objects that it describes, for every use of the model.
template <Model M, ObjectiveFor<M> Objective> finding check_memory() {
  finding f{.applies = true, .at_most = 0};
  detail::compare_memory<M, evaluating_with<batch<2>, tokens<5>>>(f, "a forward pass");
  detail::compare_memory<M, training_with<Objective, batch<2>, tokens<5>>>(f, "a training pass");
  detail::compare_memory<M, scoring_with<Objective, batch<2>, tokens<5>>>(f, "a loss pass");
  if constexpr (M::decodes) detail::compare_memory<M, decoding_with<batch<2>, tokens<5>>>(f, "a session");
  return f;
}

}  // namespace typeformer::laws
