// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/executor.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/delivered_view.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/real_batches.hpp>
#include <typeformer/session/segmented_batches.hpp>
#include <typeformer/session/session_options.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/own_inputs.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// Computes a model's output for every token, or every sequence, at once. It caches nothing.
///
/// Options as for `session` without `context<C>`, and `observing`: then `run` takes an observer, which is called
/// `observer(observation, loop_place, rows, width)`. It sees everything of that kind, and changes it if `rows` is mutable.
template <class M, class... Options>
  requires fits_together<checked_model<M>> &&
           fits_together<checked_use<executed<evaluating_with<Options...>, Options...>, M>>
class forward_pass {
 public:
  using plan = plan_of<M, evaluating_with<Options...>>;
  using weights_type = weights_option<M, Options...>;
  using workers_type = workers_option<Options...>;
  /// A view of the logits, or `tokens_and_sequences` of two.
  using output = typename detail::delivered<typename M::output>::type;
  static constexpr capacities reserved = plan::use::reserved;
  static constexpr index_type vocabulary = M::vocabulary;

  constexpr explicit forward_pass(const weights_type& weights, workers_type workers = {})
      : memory_{.weights = weights.view(), .workers = workers} {}
  /// Weights that are destroyed after the call would leave a dangling view.
  constexpr explicit forward_pass(const weights_type&&, workers_type = {})
    requires(!refers_to_weights<weights_type>)
  = delete;

  /// One sequence. The output, [tokens][…] or [1][…], is valid until the next call.
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(std::span<const std::int32_t> ids, const Observer& observer = {}) {
    check_observer<Observer>();
    check_reads_ids<Observer>();
    return run(segmented_tokens{ids}, observer);
  }
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(const segmented_tokens& tokens, const Observer& observer = {}) {
    check_observer<Observer>();
    check_reads_ids<Observer>();
    return run_tokens(std::span{&tokens, 1}, observer);
  }

  /// Several sequences, ragged. The rows of tokens are contiguous.
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(std::span<const segmented_tokens> sequences,
                                                const Observer& observer = {}) {
    check_observer<Observer>();
    check_reads_ids<Observer>();
    return run_tokens(sequences, observer);
  }
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(std::span<const std::span<const std::int32_t>> sequences,
                                                const Observer& observer = {}) {
    check_observer<Observer>();
    check_reads_ids<Observer>();
    return run_tokens(sequences, observer);
  }

  /// A padded batch. The rows of tokens that are not valid are computed too, but no other row sees them as keys.
  /// Positions count the valid tokens, unless they are given. The row of token i of sequence s is s · length + i.
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(const padded_tokens& padded, const Observer& observer = {}) {
    check_observer<Observer>();
    check_reads_ids<Observer>();
    return run_tokens(padded, observer);
  }

  /// For a model that reads features: the rows [rows][channels] of one sequence. For one that reads images: one or
  /// several, [images][channels][height][width]. They are not copied, and a class token is added.
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(std::span<const float> values, const Observer& observer = {})
    requires reads_real_values<M>
  {
    check_observer<Observer>();
    return run_real(values, observer);
  }
  /// Several sequences of features, ragged or padded. The rows of the output are as for tokens.
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(const ragged_features& features, const Observer& observer = {})
    requires reads_features<M>
  {
    check_observer<Observer>();
    return run_real(features, observer);
  }
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(const padded_features& features, const Observer& observer = {})
    requires reads_features<M>
  {
    check_observer<Observer>();
    return run_real(features, observer);
  }

  /// For an encoder-decoder: padded sources and targets, the same number of each.
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(const padded_tokens& sources, const padded_tokens& targets,
                                                const Observer& observer = {})
    requires(reserved.source > 0 && source_channels<M> == 0)
  {
    check_observer<Observer>();
    if (const auto taken = memory_.source.take(sources, M::source_vocabulary); !taken) return failure{taken.error()};
    return run(targets, observer);  // checks that there is the same number of each
  }
  template <class Observer = no_observer>
  constexpr result<output, inference_error> run(const padded_features& sources, const padded_tokens& targets,
                                                const Observer& observer = {})
    requires(source_channels<M> > 0)
  {
    check_observer<Observer>();
    if (const auto taken = memory_.source.take(sources); !taken) return failure{taken.error()};
    return run(targets, observer);
  }

  /// Gives the rows of an input of your own to the next `run`: one for each token, padding and class tokens included,
  /// or for each sequence. They must stay until then, and are given once.
  template <OwnInput I> constexpr void give(std::span<const typename I::element> rows) {
    static_assert(plan::value.template reads<I>(), "typeformer: no layer of this model reads this input");
    memory_.given.give(table_of<I>(rows));
  }

 private:
  template <class Observer> static constexpr void check_reads_ids() {
    static_assert(!reads_real_values<M> || sizeof(Observer) == 0,
                  "typeformer: this model reads features or images: run takes numbers, not ids");
  }
  // In every public function, so that the error is near the user's line.
  template <class Observer> static constexpr void check_observer() {
    static_assert(
        detail::takes_what_is_shown<Observer, float>,
        "typeformer: an observer is copied and called with (observation, loop_place, block_view<const float>, width)");
    static_assert(plan::use::observes || std::is_same_v<Observer, no_observer>,
                  "typeformer: a forward pass shows something to an observer only with the option `observing`");
  }

  template <class Tokens, class Observer>
  constexpr result<output, inference_error> run_tokens(const Tokens& tokens, const Observer& observer) {
    if (!memory_.available()) return rejected(inference_error::problem::no_memory, 0, 0, 0);
    const auto batch = detail::segmented_batch<M, reserved, decltype(memory_.tables)>{memory_.tables}.of(tokens);
    if (!batch) return failure{batch.error()};
    return execute(*batch, observer);
  }
  template <class Values, class Observer>
  constexpr result<output, inference_error> run_real(const Values& values, const Observer& observer) {
    if (!memory_.available()) return rejected(inference_error::problem::no_memory, 0, 0, 0);
    const auto batch = detail::real_batch<M, reserved, decltype(memory_.tables)>{memory_.tables}.of(values);
    if (!batch) return failure{batch.error()};
    return execute(*batch, observer);
  }
  template <class Observer>
  constexpr result<output, inference_error> execute(token_batch batch, const Observer& observer) {
    if (batch.sequences == 0) return rejected(inference_error::problem::no_tokens, 0, 0, 1);
    if constexpr (reserved.source > 0) {
      const index_type sources = memory_.source.sequences();
      if (sources < batch.sequences) return rejected(inference_error::problem::source_is_missing, sources, 0, 1);
      if (sources > batch.sequences)
        return rejected(inference_error::problem::unequal_sources, 0, sources, batch.sequences);
    }
    if (const auto given = memory_.given.check(batch.rows, batch.sequences); !given) return failure{given.error()};
    typename decltype(memory_.source)::unread_batch source{};
    memory_.source.attach(batch, source);
    memory_.given.attach(batch);
    if constexpr (detail::takes_what_is_shown<Observer, float>) {
      executor<plan, float, weights_view, workers_type, std::decay_t<Observer>> context(
          memory_.arrays.addresses(), memory_.weights, batch, memory_.workers, observer);
      const auto y = context.view(forward_walk<M>::walk(context));
      memory_.given.clear();
      return detail::delivered_view(y);
    } else {
      return rejected(inference_error::problem::no_memory, 0, 0, 0);  // never compiled: check_observer fails first
    }
  }

  using weights_view = decltype(std::declval<const weights_type&>().view());

  held_memory<M, plan, purpose::evaluate, storage_option<Options...>, weights_view, workers_type, float> memory_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
