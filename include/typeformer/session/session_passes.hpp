// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include <typeformer/contract/forward_walk.hpp>
#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/executor.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/session/cached_sequences.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/session_options.hpp>

namespace typeformer::detail::inline TYPEFORMER_ISA {

template <class M, class... Options>
using weights_view_of = decltype(std::declval<const weights_option<M, Options...>&>().view());
template <class M, class Plan, class... Options>
using memory_of_session = held_memory<M, Plan, purpose::decode, storage_option<Options...>,
                                      weights_view_of<M, Options...>, workers_option<Options...>, float>;
template <class M, class... Options>
using sequences_of_session = cached_sequences<M, plan_of<M, decoding_with<Options...>>,
                                              memory_of_session<M, plan_of<M, decoding_with<Options...>>, Options...>>;

/// The passes that a session runs, and the logits of the last one.
template <class M, class... Options> class session_passes : public sequences_of_session<M, Options...> {
 public:
  using plan = plan_of<M, decoding_with<Options...>>;
  static constexpr capacities reserved = plan::use::reserved;
  /// Outputs of the model for a token: the vocabulary, unless it reads features.
  static constexpr index_type output_width = M::output::width;
  static constexpr bool has_all_logits = !plan::use::delivers_last_rows;

  /// The logits [output_width] of a sequence's last token; valid until the next call.
  ///
  /// Errors: no such sequence; the last call had no token of it, or there was no call.
  constexpr result<std::span<const float>, inference_error> logits(index_type sequence) const {
    const auto rows = check_logits(sequence);
    if (!rows) return failure{rows.error()};
    return row_of_logits(has_all_logits ? memory_.tables.view().first_row[sequence] + *rows - 1 : sequence);
  }
  /// The logits [output_width] of one of the tokens of a sequence in the last call. If the call needed several passes,
  /// it is a token of the last one. Errors: as above; a token that is not below `rows_with_logits(sequence)`.
  constexpr result<std::span<const float>, inference_error> logits(index_type sequence, index_type token) const
    requires has_all_logits
  {
    const auto rows = check_logits(sequence);
    if (!rows) return failure{rows.error()};
    if (token < 0 || token >= *rows)
      return rejected(inference_error::problem::token_without_logits, sequence, token, *rows);
    return row_of_logits(memory_.tables.view().first_row[sequence] + token);
  }
  /// The number of tokens of a sequence that have logits. Error: no such sequence.
  constexpr result<index_type, inference_error> rows_with_logits(index_type sequence) const
    requires has_all_logits
  {
    if (const auto known = check_sequence(sequence, reserved.batch); !known) return failure{known.error()};
    return rows_of_last_call(sequence);
  }

 protected:
  using sequences_of_session<M, Options...>::sequences_of_session;
  using sequences_of_session<M, Options...>::memory_;

  /// Runs `size(s)` new tokens of each of the first sequences, in as many passes as needed. `add(s, i, position)` adds
  /// the i-th of them to the tables.
  template <class Size, class Add> constexpr void run_passes(std::size_t sequences, const Size& size, const Add& add) {
    index_type longest = 0;
    for (std::size_t s = 0; s < sequences; ++s) longest = (std::max)(longest, size(s));
    // Passes are aligned at the end, so that the last one has the last token of every sequence.
    for (index_type left = (longest - 1) / reserved.tokens * reserved.tokens; left >= 0; left -= reserved.tokens) {
      memory_.tables.clear();
      memory_.features.clear();
      memory_.given.start_pass();
      index_type before = 0;  // rows that were given for earlier sequences
      for (std::size_t s = 0; s < sequences; ++s) {
        const index_type end = std::max<index_type>(0, size(s) - left),
                         first = std::max<index_type>(0, end - reserved.tokens);
        memory_.length[s] -= memory_.slide.make_room(s, memory_.length[s], end - first);
        memory_.tables.start_sequence(memory_.length[s]);
        for (index_type i = first; i < end; ++i) {
          add(s, i, memory_.length[s] + i - first);
          memory_.given.add(before + i);
        }
        before += size(s);
        memory_.length[s] += end - first;
      }
      run();
      for (std::size_t s = 0; s < sequences; ++s) memory_.length[s] = memory_.slide.keep(s, memory_.length[s]);
    }
    memory_.given.clear();
  }
  constexpr void run() {
    token_batch batch = memory_.tables.view();
    typename decltype(memory_.source)::unread_batch source{};  // here, because the session would hold it between calls
    std::array<own_table, own_inputs<plan>.size()> own{};
    memory_.source.attach(batch, source);
    memory_.slide.attach(batch);
    memory_.features.attach(batch);
    memory_.given.attach(batch, own);
    executor<plan, float, weights_view, workers_option<Options...>> context(memory_.arrays.addresses(), memory_.weights,
                                                                            batch, memory_.workers);
    memory_.logits = index_type(context.view(forward_walk<M>::walk(context)).data - memory_.arrays.arena.data());
    memory_.source.done();
  }

 private:
  using weights_view = weights_view_of<M, Options...>;

  constexpr index_type rows_of_last_call(index_type sequence) const {
    const token_batch batch = memory_.tables.view();
    return sequence < batch.sequences ? batch.rows_of(sequence) : 0;
  }
  /// The number of rows of logits, at least one.
  constexpr result<index_type, inference_error> check_logits(index_type sequence) const {
    using problem = inference_error::problem;
    if (const auto known = check_sequence(sequence, reserved.batch); !known) return failure{known.error()};
    if (!memory_.available()) return rejected(problem::no_memory, sequence, 0, 0);
    const index_type rows = memory_.logits < 0 ? 0 : rows_of_last_call(sequence);
    if (rows == 0) return rejected(problem::no_logits, sequence, 0, 1);
    return rows;
  }
  constexpr std::span<const float> row_of_logits(index_type row) const {
    return {memory_.arrays.arena.data() + memory_.logits + row * output_width, std::size_t(output_width)};
  }
};

}  // namespace typeformer::detail::inline TYPEFORMER_ISA
