// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>

#include <typeformer/contract/output_widths.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/session/forward_pass.hpp>

#include "case_folder.hpp"
#include "case_inputs.hpp"
#include "case_loss.hpp"
#include "case_observations.hpp"
#include "case_training.hpp"
#include "encoder_targets.hpp"

namespace typeformer::conformance {

/// Collects what an encoder shows, with Hugging Face's names: hidden_states.k, attentions.k, pooler_output.
struct encoder_observer {
  kept_observations kept;
  index_type heads, layers;

  template <class Rows> void operator()(observation what, loop_place place, Rows rows, index_type width) const {
    const std::string number = std::to_string(place.iteration);
    switch (what) {
      case observation::stack_input:
        if (place.depth == 0) kept.keep_tokens("hidden_states.0", rows, width);
        return;
      case observation::block_output:  // ALBERT's blocks within a layer are deeper
        if (place.depth == 1) kept.keep_tokens("hidden_states." + std::to_string(place.iteration + 1), rows, width);
        return;
      case observation::attention_probabilities: return kept.keep_attention("attentions." + number, rows, heads);
      case observation::pooled: return kept.keep_sequences("pooler_output", rows, width);
      case observation::final_hidden_state:  // after the last norm, where there is one
        if (rows.rows_are == axis::token) kept.keep_tokens("hidden_states." + std::to_string(layers), rows, width);
        return;
      case observation::cross_attention_probabilities:
      case observation::query_key_value: return;
    }
  }
};

/// The tokens of a case in the rectangle [Batch][Length]. `segments` may be empty, `valid` never is.
struct encoder_tokens {
  std::vector<std::int32_t> ids, segments, positions;
  std::vector<std::uint8_t> valid;
};

/// Nothing (with a message) if something is outside the model's tables. If positions begin below 0, padding has those
/// positions and is not counted.
template <Model M, index_type Batch, index_type Length>
std::optional<encoder_tokens> encoder_tokens_of(const checkpoint_file& given) {
  constexpr std::int64_t unplaced_id = [] {
    if constexpr (M::lowest_position < 0) return std::int64_t(M::config.padding_id);
    else return std::int64_t{-1};
  }();
  auto ids = integers_of(given, "input_ids", M::vocabulary);
  auto segments = M::segments > 0 ? integers_of(given, "token_type_ids", M::segments) : std::vector<std::int32_t>{};
  if (!ids || !segments) return {};
  std::vector<std::int32_t> positions;
  for (index_type s = 0; s < Batch; ++s) {
    std::int32_t next = 0;
    for (index_type t = 0; t < Length; ++t)
      positions.push_back((*ids)[static_cast<std::size_t>(s * Length + t)] == unplaced_id ? -1 : next++);
  }
  auto valid = valid_of(given);
  if (valid.empty()) valid.assign(ids->size(), 1);
  return encoder_tokens{std::move(*ids), std::move(*segments), std::move(positions), std::move(valid)};
}

/// Whether a mask hides all that some token sees through a window.
template <Model M>
bool hides_a_whole_window(const std::vector<std::uint8_t>& valid, [[maybe_unused]] index_type length) {
  bool hides = false;
  if constexpr (requires { typename M::windows; })
    for (index_type layer = 0; layer < M::config.layers; ++layer)
      for (index_type row = 0; row < index_type(valid.size()) && M::windows::of(layer) > 0; ++row) {
        const index_type start = row / length * length, reach = M::windows::of(layer) - 1;
        const index_type first = std::max(start, row - reach), end = std::min(start + length, row + reach + 1);
        hides = hides || std::find(valid.begin() + first, valid.begin() + end, 1) == valid.begin() + end;
      }
  return hides;
}

template <class Rows>
void keep_rows(const std::string& name, std::vector<std::int64_t> shape, index_type width, Rows rows,
               tensors& results) {
  tensor& t = results[name];
  std::int64_t count = 1;
  for (const std::int64_t extent : shape) count *= extent;
  t.shape = std::move(shape);
  for (index_type r = 0; r < count / width; ++r) t.numbers.insert(t.numbers.end(), rows[r], rows[r] + width);
}
/// One column of the rows of all tokens.
template <class Rows>
void keep_column(const std::string& name, std::int64_t batch, std::int64_t length, index_type column, Rows rows,
                 tensors& results) {
  tensor& t = results[name];
  t.shape = {batch, length};
  for (index_type r = 0; r < batch * length; ++r) t.numbers.push_back(rows[r][column]);
}

/// What the model delivers, by the names of its kind of case.
template <Model M, index_type Batch, index_type Length, case_kind Kind, class Delivered>
void keep_delivered(const checkpoint_file& given, const Delivered& delivered, tensors& results) {
  constexpr index_type of_tokens = token_outputs<M>, of_sequences = sequence_outputs<M>;
  const encoder_form form = form_of(given);
  if constexpr (Kind == case_kind::hidden) {
    if constexpr (delivers_both<M>) {
      keep_rows("last_hidden_state", {Batch, Length, of_tokens}, of_tokens, delivered.tokens, results);
    } else if constexpr (of_tokens > 0) {
      keep_rows("last_hidden_state", {Batch, Length, of_tokens}, of_tokens, delivered, results);
    } else {
      keep_rows("pooler_output", {Batch, of_sequences}, of_sequences, delivered, results);
    }
  } else if constexpr (delivers_both<M>) {
    keep_rows(form.token_logits, {Batch, Length, of_tokens}, of_tokens, delivered.tokens, results);
    if (*form.sequence_logits != 0)
      keep_rows(form.sequence_logits, {Batch, of_sequences}, of_sequences, delivered.sequences, results);
  } else if constexpr (of_sequences > 0) {
    keep_rows("logits", {Batch, of_sequences}, of_sequences, delivered, results);
  } else if constexpr (Kind == case_kind::answer) {
    keep_column("start_logits", Batch, Length, 0, delivered, results);
    keep_column("end_logits", Batch, Length, 1, delivered, results);
  } else if constexpr (Kind == case_kind::token1) {
    keep_column("logits", Batch, Length, 0, delivered, results);
  } else {
    keep_rows(form.token_logits, {Batch, Length, of_tokens}, of_tokens, delivered, results);
  }
}

/// Logits, hidden states, attentions. Returns false (with a message) if something was rejected.
template <Model M, index_type Batch, index_type Length, case_kind Kind>
bool run_encoder_forward(const opened_case<M>& c, const encoder_tokens& tokens, tensors& results) {
  forward_pass<M, batch<Batch>, typeformer::tokens<Length>, observing> forward{c.values};
  const auto delivered = forward.run(padded_tokens{.ids = tokens.ids,
                                                   .valid = tokens.valid,
                                                   .length = Length,
                                                   .segments = tokens.segments,
                                                   .positions = tokens.positions},
                                     encoder_observer{{&results, Batch, Length}, M::config.heads, M::config.layers});
  if (!delivered) return std::fprintf(stderr, "%s\n", delivered.error().message().c_str()), false;
  keep_delivered<M, Batch, Length, Kind>(c.given, *delivered, results);
  return true;
}

/// The loss of a case that has nothing else to check: of masked tokens, and of the pairs beside them.
template <Model M> void keep_loss(const checkpoint_file& given, const encoder_targets& targets, tensors& results) {
  if (targets.tokens.empty()) return;
  const encoder_form form = form_of(given);
  double loss = mean_cross_entropy(results[form.token_logits].numbers, targets.tokens);
  if (!targets.sequences.empty()) loss += mean_cross_entropy(results[form.sequence_logits].numbers, targets.sequences);
  results["loss"] = {{}, {static_cast<float>(loss)}, {}, {}};
}

/// Loss, gradients and one step of AdamW.
template <Model M, class Objective, index_type Batch, index_type Length>
void run_encoder_backward(const opened_case<M>& c, const encoder_tokens& tokens, const encoder_targets& targets,
                          tensors& results) {
  batch_tables<Batch, Length> tables;
  fill_tables(tables, tokens.ids, tokens.positions);
  token_batch batch_of_case = tables.view();
  batch_of_case.segments = tokens.segments.empty() ? nullptr : tokens.segments.data();
  batch_of_case.key_valid = tokens.valid.data();
  batch_of_case.key_stride = Length;
  targets.attach(batch_of_case);
  keep_training_step<M, Objective, Batch, Length>(c.given, c.start, batch_of_case, c.settings.adamw, results);
}

/// Runs a case folder of an encoder. Returns the exit code of the runner.
template <Model M, case_shape Shape> int run_encoder_case(const std::string& folder, const std::string& output) {
  constexpr index_type batch = Shape.batch, length = Shape.length;
  constexpr case_kind kind = Shape.kind == case_kind::unsaid && !M::has_head ? case_kind::hidden : Shape.kind;
  return run_case_folder<M>(folder, output, [&](const opened_case<M>& c, tensors& results) {
    const auto tokens = encoder_tokens_of<M, batch, length>(c.given);
    if (!tokens) return 1;
    const auto targets = encoder_targets_of<M, batch, length, kind>(c.given, tokens->valid);
    if (!targets) return 1;
    if (tokens->valid.size() == tokens->ids.size() && hides_a_whole_sequence<length>(tokens->valid))
      return missing("attention_mask that hides a whole sequence");
    if (hides_a_whole_window<M>(tokens->valid, length))
      return missing("attention_mask that hides all that some token sees");
    if (!run_encoder_forward<M, batch, length, kind>(c, *tokens, results)) return 1;
    if (!c.everything) return keep_loss<M>(c.given, *targets, results), 0;
    if (!targets->any()) return 0;
    if constexpr (kind == case_kind::unsaid && delivers_both<M>)
      if (!targets->sequences.empty())  // ALBERT's objective differs only in the name of a part
        return run_encoder_backward<M, bert_pretraining, batch, length>(c, *tokens, *targets, results), 0;
    using objective = decltype(objective_of_case<M, kind>());
    return run_encoder_backward<M, objective, batch, length>(c, *tokens, *targets, results), 0;
  });
}

}  // namespace typeformer::conformance
