// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/layers/execution/all.hpp>
#include <typeformer/session/executor.hpp>
#include <typeformer/session/inference_memory.hpp>
#include <typeformer/session/padded_tokens.hpp>
#include <typeformer/session/session_options.hpp>

namespace typeformer {

/// Computes the logits of every token at once and remembers nothing.
///
/// Options as for `session` without `context<C>`, and `observing`: then `evaluate` takes an observer that is called
/// `observer(observation, iteration, rows, width)`, `rows` being a view of everything of that kind in the batch.
template <Model M, class... Options>
  requires UseOf<evaluating_with<Options...>, M>
class evaluator {
 public:
  using plan = plan_of<M, evaluating_with<Options...>>;
  using weights_type = weights_option<M, Options...>;
  using workers_type = workers_option<Options...>;
  static constexpr capacities reserved = plan::use::reserved;
  static constexpr index vocabulary = M::vocabulary;

  constexpr explicit evaluator(const weights_type& weights, workers_type workers = {})
      : memory_{.weights = weights.view(), .workers = workers} {}

  /// One sequence; the logits [tokens][vocabulary] are valid until the next call.
  template <class Observer = no_observer>
  constexpr result<rows_view<const float>, inference_error> evaluate(std::span<const std::int32_t> ids,
                                                                     Observer observer = {}) {
    const std::array sequences{ids};
    return evaluate(std::span<const std::span<const std::int32_t>>{sequences}, observer);
  }

  /// Several sequences, ragged; the rows of the logits follow one another without gaps.
  template <class Observer = no_observer>
  constexpr result<rows_view<const float>, inference_error> evaluate(
      std::span<const std::span<const std::int32_t>> sequences, Observer observer = {}) {
    if (index(sequences.size()) > reserved.batch)
      return refuse(inference_error::problem::too_many_sequences, 0, sequences.size(), reserved.batch);
    memory_.tables.clear();
    for (std::size_t s = 0; s < sequences.size(); ++s) {
      if (const auto checked = check(index(s), sequences[s]); !checked) return failure{checked.error()};
      memory_.tables.start_sequence(0);
      for (std::size_t i = 0; i < sequences[s].size(); ++i) memory_.tables.add(sequences[s][i], index(i));
    }
    return run(memory_.tables.view(), observer);
  }

  /// A padded batch: also the rows of tokens that are not valid are computed, but no other row sees them as keys.
  /// Positions count the valid tokens. Row of token i of sequence s: s · length + i.
  template <class Observer = no_observer>
  constexpr result<rows_view<const float>, inference_error> evaluate(const padded_tokens& padded, Observer observer = {}) {
    const index sequences = padded.length > 0 ? index(padded.ids.size()) / padded.length : 0;
    if (sequences > reserved.batch)
      return refuse(inference_error::problem::too_many_sequences, 0, std::uint64_t(sequences), reserved.batch);
    memory_.tables.clear();
    for (index s = 0; s < sequences; ++s) {
      const auto ids = padded.ids.subspan(std::size_t(s * padded.length), std::size_t(padded.length));
      if (const auto checked = check(s, ids); !checked) return failure{checked.error()};
      memory_.tables.start_sequence(0);
      index position = 0;
      for (std::size_t i = 0; i < ids.size(); ++i) {
        memory_.tables.add(ids[i], position);
        position += padded.positions_count_padding || padded.valid[std::size_t(s * padded.length) + i] != 0;
      }
    }
    token_batch batch = memory_.tables.view();
    batch.key_valid = padded.valid.data();
    batch.key_stride = padded.length;
    return run(batch, observer);
  }

 private:
  static constexpr failure<inference_error> refuse(inference_error::problem what, index sequence, std::uint64_t got,
                                                   index limit) {
    return {{what, sequence, std::int64_t(got), limit}};
  }
  constexpr result<void, inference_error> check(index sequence, std::span<const std::int32_t> ids) const {
    using problem = inference_error::problem;
    if (!memory_.arena.available()) return refuse(problem::no_memory, 0, 0, 0);
    if (ids.empty()) return refuse(problem::no_tokens, sequence, 0, 1);
    if (index(ids.size()) > reserved.tokens) return refuse(problem::too_many_tokens, sequence, ids.size(), reserved.tokens);
    for (std::int32_t id : ids)
      if (id < 0 || id >= vocabulary)
        return failure{inference_error{problem::id_outside_vocabulary, sequence, id, vocabulary}};
    return {};
  }
  template <class Observer>
  constexpr result<rows_view<const float>, inference_error> run(const token_batch& batch, Observer observer) {
    if (batch.sequences == 0) return refuse(inference_error::problem::no_tokens, 0, 0, 1);
    executor<plan, float, weights_view, workers_type, Observer> context({memory_.arena.data()}, memory_.weights, batch,
                                                                        memory_.workers, observer);
    return rows_view<const float>(context.view(forward_walk<M>::walk(context)));
  }

  using weights_view = decltype(std::declval<const weights_type&>().view());

  evaluator_memory<plan, storage_option<Options...>, weights_view, workers_type> memory_;
};

}  // namespace typeformer
