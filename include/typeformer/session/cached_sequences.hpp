// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/state_requirements.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/sequence_moves.hpp>
#include <typeformer/session/state_moves.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The cached tokens of each sequence of a session, and the operations on them. `Held` is the session's `held_memory`.
template <class M, class Plan, class Held> class cached_sequences {
 public:
  static constexpr capacities reserved = Plan::use::reserved;
  /// Whether the states of the model's layers support `truncate` and `reorder`: nothing, or the mismatch.
  using rewinding = rewinding_of<Plan, M>;
  using reordering = reordering_of<Plan, M>;

  /// The number of cached tokens of the first sequence.
  constexpr index_type length() const { return memory_.length[0]; }
  /// The number of cached tokens of a sequence. Error: no such sequence.
  constexpr result<index_type, inference_error> length(index_type sequence) const {
    if (const auto known = check_sequence(sequence, reserved.batch); !known) return failure{known.error()};
    return memory_.length[std::size_t(sequence)];
  }
  /// Forgets all but the first `length` tokens of a sequence. Does nothing if it has no more. Errors: no such sequence;
  /// a negative length.
  constexpr result<void, inference_error> truncate(index_type sequence, index_type length)
    requires(bool{fits_together<rewinding>})
  {
    if (const auto known = check_sequence(sequence, reserved.batch); !known) return known;
    if (length < 0) return rejected(inference_error::problem::negative_length, sequence, length, 0);
    memory_.length[std::size_t(sequence)] = (std::min)(memory_.length[std::size_t(sequence)], length);
    return {};
  }
  template <class Why = rewinding>
    requires(!fits_together<Why>)
  void truncate(index_type sequence, index_type length) = delete;
  /// Starts new sequences everywhere. States are not cleared: a layer sees that no tokens came before.
  constexpr void reset() { memory_.length = {}; }
  /// Starts one new sequence. Error: no such sequence.
  constexpr result<void, inference_error> reset(index_type sequence) {
    if (const auto known = check_sequence(sequence, reserved.batch); !known) return known;
    memory_.length[std::size_t(sequence)] = 0;
    return {};
  }
  /// Makes every sequence s continue from sequence from[s], for beams or a shared prompt. Sequences beyond `from` do
  /// not change. The logits of the last call do not move.
  ///
  /// Errors, without any change: more entries than sequences; an entry that is not a sequence. Cost: the state is read
  /// and written at most once.
  constexpr result<void, inference_error> reorder(std::span<const index_type> from)
    requires(bool{fits_together<reordering>})
  {
    using problem = inference_error::problem;
    if (!memory_.available()) return rejected(problem::no_memory, 0, 0, 0);
    if (index_type(from.size()) > reserved.batch)
      return rejected(problem::too_many_sequences, 0, from.size(), reserved.batch);
    for (std::size_t s = 0; s < from.size(); ++s)
      if (!check_sequence(from[s], reserved.batch))
        return rejected(problem::sequence_outside_batch, index_type(s), from[s], reserved.batch);
    const sequence_moves<reserved.batch> moves{from};
    for (const sequence_move& step : moves.steps()) {
      memory_.source.move(step.to, step.from, step.exchanges);
      memory_.slide.move(step.to, step.from, step.exchanges);
      move_rows(memory_.length.data(), 1, step.to, step.from, step.exchanges);
      move_state(Plan::value, reserved.batch, memory_.arrays.state.data(), step);
    }
    return {};
  }
  template <class Why = reordering>
    requires(!fits_together<Why>)
  void reorder(std::span<const index_type> from) = delete;
  /// The states of all layers, as `plan` places them.
  constexpr std::span<const float> cached_state() const {
    return {memory_.arrays.state.data(), std::size_t(Plan::value.state)};
  }

 protected:
  template <class View, class W>
  constexpr cached_sequences(View weights, W workers) : memory_{.weights = weights, .workers = workers} {}

  Held memory_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
