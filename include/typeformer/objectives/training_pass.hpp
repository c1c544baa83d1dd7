// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <cstddef>
#include <span>
#include <type_traits>

#include <typeformer/contract/examiners.hpp>
#include <typeformer/contract/observers.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/executor.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/objectives/check_batch.hpp>
#include <typeformer/objectives/objective_score.hpp>
#include <typeformer/objectives/objective_walk.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/session_options.hpp>

namespace typeformer {

/// Use: forward, loss and backward. Options: `batch<B>` (1), `tokens<T>` tokens per sequence (the model's context).
template <class Objective, class... Options> struct training_with {
  template <template <class...> class Of> using with_options = Of<Options...>;
  template <class M>
  static constexpr capacities reserved_for{chosen<batch<1>, Options...>::value,
                                           chosen<tokens<M::context>, Options...>::value, 0,
                                           source_capacity<M, Options...>, segment_memory_of<M>};
  template <class M> using use = walk_use<purpose::train, reserved_for<M>, has_option<observing, Options...>>;
  template <class M>
  using checked = checked_and_examined<
      with_checked_options<M, detail::within_context<reserved_for<M>.tokens, M>, purpose::train, Options...>, M,
      training_examiner<use<M>>>;
  template <class M> using walk = objective_walk<M, Objective>;
  template <class M> static constexpr bool gives(const planned_input& input) {
    return detail::has_input<M>(input, detail::giver::batch);
  }
};
/// Use: forward and loss.
template <class Objective, class... Options> struct scoring_with {
  template <template <class...> class Of> using with_options = Of<Options...>;
  template <class M>
  static constexpr capacities reserved_for{chosen<batch<1>, Options...>::value,
                                           chosen<tokens<M::context>, Options...>::value, 0,
                                           source_capacity<M, Options...>, segment_memory_of<M>};
  template <class M>
  using checked =
      with_checked_options<M, detail::within_context<reserved_for<M>.tokens, M>, purpose::score, Options...>;
  template <class M> using use = walk_use<purpose::score, reserved_for<M>, has_option<observing, Options...>>;
  template <class M> using walk = objective_walk<M, Objective>;
  template <class M> static constexpr bool gives(const planned_input& input) {
    return detail::has_input<M>(input, detail::giver::batch);
  }
};

}  // namespace typeformer

namespace typeformer::detail::inline TYPEFORMER_ISA {

/// One planned pass over canonical parameters that ends in an objective's findings, and its cached tokens of earlier
/// segments. Most models have none.
template <Model M, class Objective, class Use, class... Options> class objective_pass {
 public:
  using scalar_type = scalar_option<Options...>;
  using plan = planned<typename Use::template walk<M>, typename Use::template use<M>>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = plan::use::reserved;

  explicit objective_pass(workers_type workers = {}) : memory_{.workers = workers} {}
  bool available() const { return memory_.arrays.available(); }
  /// The ranges of the numbers of a batch.
  static constexpr batch_limits limits = [] {
    batch_limits found = limits_of<M, Objective>(reserved);
    found.inputs = std::span{plan::value.inputs}.first(std::size_t(plan::value.input_count));
    return found;
  }();

  /// The cached tokens of earlier segments, of all layers. They may be saved and restored, to continue from there.
  std::span<scalar_type> memory() { return {memory_.arrays.state.data(), std::size_t(plan::value.state)}; }
  std::span<const scalar_type> memory() const { return {memory_.arrays.state.data(), std::size_t(plan::value.state)}; }

 protected:
  result<void, batch_error> check(const token_batch& batch) const {
    if (!available()) return failure{batch_error{}};
    return check_batch(batch, limits);
  }
  template <class Observer> static constexpr void check_observer() {
    static_assert(
        takes_what_is_shown<Observer, scalar_type>,
        "typeformer: an observer is copied and called with (observation, loop_place, block_view<const scalar>, width)");
    static_assert(plan::use::observes || std::is_same_v<Observer, no_observer>,
                  "typeformer: a pass shows something to an observer only with the option `observing`");
  }
  template <class Observer>
  const scalar_type* execute(const scalar_type* parameters, scalar_type* gradients, const token_batch& batch,
                             const Observer& observer) {
    if constexpr (takes_what_is_shown<Observer, scalar_type>) {
      executor<plan, scalar_type, canonical_weights_view<scalar_type>, workers_type, std::decay_t<Observer>> context(
          memory_.arrays.addresses(gradients), {parameters}, batch, memory_.workers, observer);
      return context.view(Use::template walk<M>::walk(context)).data;
    } else {
      return nullptr;  // never compiled: check_observer fails first
    }
  }

 private:
  held_memory<M, plan, plan::use::what_for, storage_option<Options...>, canonical_weights_view<scalar_type>,
              workers_type, scalar_type>
      memory_;
};

}  // namespace typeformer::detail::inline TYPEFORMER_ISA

namespace typeformer::inline TYPEFORMER_ISA {

/// Computes an objective's loss and adds its gradient: the arena of one training step.
///
/// Options, in any order: `batch<B>`, `tokens<T>`, `scalar<S>` (`float`), a storage policy, `on_workers<W>`, and
/// `observing`, with which `run` takes an observer as that of `forward_pass` does. Nothing is allocated after
/// construction. A model with a memory of earlier segments continues where sequence s of the previous
/// batch ended if `past[s]` of the batch says that there were tokens. Without `past` every sequence is a new text.
template <class M, class Objective, class... Options>
  requires fits_together<checked_model<M>> && fits_together<objective_for<Objective, M>> &&
           fits_together<checked_use<executed<training_with<Objective, Options...>, Options...>, M>>
class training_pass : public detail::objective_pass<M, Objective, training_with<Objective, Options...>, Options...> {
 public:
  using typename detail::objective_pass<M, Objective, training_with<Objective, Options...>, Options...>::scalar_type;
  using detail::objective_pass<M, Objective, training_with<Objective, Options...>, Options...>::objective_pass;

  /// The sum of the losses of all labels, each times the batch's scale for its kind (`set_mean_scales`). Its gradient
  /// is added to `gradients` [parameter_count], in canonical order.
  ///
  /// Errors: those of `check_batch`, no memory; then nothing was added. Precondition: `parameters` [parameter_count].
  template <class Observer = no_observer>
  result<scalar_type, batch_error> run(const scalar_type* parameters, scalar_type* gradients, const token_batch& batch,
                                       const Observer& observer = {}) {
    this->template check_observer<Observer>();
    if (const auto ready = this->check(batch); !ready) return failure{ready.error()};
    scalar_type sum{0};
    if (batch.rows == 0) return sum;
    const scalar_type* const losses = this->execute(parameters, gradients, batch, observer);
    for (index_type part = 0; part < Objective::parts; ++part) sum += losses[part];
    return sum;
  }
};

/// Computes an objective's findings, without gradients. Options as for `training_pass`.
template <class M, class Objective, class... Options>
  requires fits_together<checked_model<M>> && fits_together<objective_for<Objective, M>> &&
           fits_together<checked_use<executed<scoring_with<Objective, Options...>, Options...>, M>>
class loss_pass : public detail::objective_pass<M, Objective, scoring_with<Objective, Options...>, Options...> {
 public:
  using typename detail::objective_pass<M, Objective, scoring_with<Objective, Options...>, Options...>::scalar_type;
  using detail::objective_pass<M, Objective, scoring_with<Objective, Options...>, Options...>::objective_pass;

  /// The loss, scaled as in `training_pass`, and the right predictions of each part of the objective. Errors as there.
  template <class Observer = no_observer>
  result<objective_score<Objective::parts>, batch_error> run(const scalar_type* parameters, const token_batch& batch,
                                                             const Observer& observer = {}) {
    this->template check_observer<Observer>();
    if (const auto ready = this->check(batch); !ready) return failure{ready.error()};
    objective_score<Objective::parts> score;
    if (batch.rows == 0) return score;
    const scalar_type* const findings = this->execute(parameters, nullptr, batch, observer);
    for (std::size_t part = 0; part < score.parts.size(); ++part)
      score.parts[part] = {double(findings[2 * part]), index_type(findings[2 * part + 1])};
    return score;
  }
};

}  // namespace typeformer::inline TYPEFORMER_ISA
