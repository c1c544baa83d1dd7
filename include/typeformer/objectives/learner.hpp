// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/contract/examiners.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/layers/execution/all.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/execution/cross_entropy.hpp>
#include <typeformer/objectives/execution/objective_sum.hpp>
#include <typeformer/objectives/objective_score.hpp>
#include <typeformer/objectives/objective_walk.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/session/executor.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/session_options.hpp>

namespace typeformer {

/// Use: forward, loss and backward. Options: `batch<B>` (1), `prompt<T>` tokens a sequence (the model's context).
template <class Objective, class... Options> struct training_with {
  template <template <class...> class Of> using with_options = Of<Options...>;
  template <class M>
  static constexpr capacities reserved_for{option_or<batch, Options...>(1), option_or<prompt, Options...>(M::context), 0,
                                           source_capacity<M, Options...>, segment_memory_of<M>};
  template <class M> using use = walk_use<purpose::train, reserved_for<M>>;
  template <class M>
  using checked = checked_and_examined<
      with_checked_options<M, detail::within_context<reserved_for<M>.tokens, M>, purpose::train, Options...>, M,
      training_examiner<use<M>>>;
  template <class M> using walk = objective_walk<M, Objective>;
};
/// Use: forward and loss.
template <class Objective, class... Options> struct scoring_with {
  template <template <class...> class Of> using with_options = Of<Options...>;
  template <class M>
  static constexpr capacities reserved_for{option_or<batch, Options...>(1), option_or<prompt, Options...>(M::context), 0,
                                           source_capacity<M, Options...>, segment_memory_of<M>};
  template <class M>
  using checked = with_checked_options<M, detail::within_context<reserved_for<M>.tokens, M>, purpose::score, Options...>;
  template <class M> using use = walk_use<purpose::score, reserved_for<M>>;
  template <class M> using walk = objective_walk<M, Objective>;
};

namespace detail {

/// A use whose checks also look whether every operation of the model can be executed.
template <class Use, class Scalar, class... Options> struct executed_pass : Use {
  template <class M>
  using checked = checked_and_examined<typename Use::template checked<M>, M,
                                       execution_examiner<typename Use::template use<M>, Scalar,
                                                          canonical_weights_view<Scalar>, workers_option<Options...>>>;
};

/// One planned pass over canonical parameters that ends in what an objective found, and what it remembers of earlier
/// segments: nothing for most models.
template <Model M, class Use, class Scalar, class... Options> class objective_pass {
 public:
  using plan = planned<typename Use::template walk<M>, typename Use::template use<M>>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = plan::use::reserved;

  explicit objective_pass(workers_type workers = {}) : memory_{.workers = workers} {}
  bool available() const { return memory_.arrays.available(); }

  /// What was remembered of the segments so far, all layers; it may be kept and set again, to go on from there.
  std::span<Scalar> memory() { return {memory_.arrays.state.data(), std::size_t(plan::value.state)}; }
  std::span<const Scalar> memory() const { return {memory_.arrays.state.data(), std::size_t(plan::value.state)}; }

 protected:
  const Scalar* run(const Scalar* parameters, Scalar* gradients, const token_batch& batch) {
    executor<plan, Scalar, canonical_weights_view<Scalar>, workers_type> context(
        memory_.arrays.addresses(gradients), {parameters}, batch, memory_.workers);
    return context.view(Use::template walk<M>::walk(context)).data;
  }

 private:
  held_memory<M, plan, plan::use::what_for, storage_option<Options...>, canonical_weights_view<Scalar>, workers_type, Scalar>
      memory_;
};

}  // namespace detail

/// Computes an objective's loss and adds its gradient: the arena of one training step.
///
/// Options: `batch<B>`, `prompt<T>`, a storage policy, `on_workers<W>`. Nothing is allocated after construction.
/// Precondition of a batch: counts within the capacities, ids, positions and labels within their tables. A model with a
/// memory of earlier segments goes on where sequence s of the batch before ended if the batch says by `past[s]` that there
/// were tokens; without `past` every sequence is a text of its own.
template <Model M, ObjectiveFor<M> Objective, class Scalar = float, class... Options>
  requires fits_together<checked_use<detail::executed_pass<training_with<Objective, Options...>, Scalar, Options...>, M>>
class learner : public detail::objective_pass<M, training_with<Objective, Options...>, Scalar, Options...> {
 public:
  using detail::objective_pass<M, training_with<Objective, Options...>, Scalar, Options...>::objective_pass;

  /// The sum of the losses of the batch; its gradient is added to `gradients` [parameter_count], in canonical order.
  Scalar learn(const Scalar* parameters, Scalar* gradients, const token_batch& batch) {
    const Scalar* const losses = this->run(parameters, gradients, batch);
    Scalar sum{0};
    for (index part = 0; part < Objective::parts; ++part) sum += losses[part];
    return sum;
  }
};

/// Computes what an objective finds, without gradients.
template <Model M, ObjectiveFor<M> Objective, class Scalar = float, class... Options>
  requires fits_together<checked_use<detail::executed_pass<scoring_with<Objective, Options...>, Scalar, Options...>, M>>
class scorer : public detail::objective_pass<M, scoring_with<Objective, Options...>, Scalar, Options...> {
 public:
  using detail::objective_pass<M, scoring_with<Objective, Options...>, Scalar, Options...>::objective_pass;

  /// The loss and the right predictions of each part of the objective.
  objective_score<Objective::parts> score(const Scalar* parameters, const token_batch& batch) {
    const Scalar* const findings = this->run(parameters, nullptr, batch);
    objective_score<Objective::parts> score;
    for (std::size_t part = 0; part < score.parts.size(); ++part)
      score.parts[part] = {double(findings[2 * part]), index(findings[2 * part + 1])};
    return score;
  }
};

}  // namespace typeformer
