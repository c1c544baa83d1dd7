// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/all.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/session/forward_pass.hpp>

#include "case_folder.hpp"
#include "case_inputs.hpp"
#include "case_loss.hpp"
#include "case_observations.hpp"
#include "case_training.hpp"

namespace typeformer::conformance {

/// What a case calls an encoder's logits and the labels of sequences; empty: it has none.
struct encoder_form {
  const char* token_logits = "logits";
  const char* sequence_logits = "";
  const char* sequence_label = "";
};
inline encoder_form form_of(const checkpoint_file& given) {
  for (const encoder_form& form : {encoder_form{"prediction_logits", "seq_relationship_logits", "next_sentence_label"},
                                   encoder_form{"prediction_logits", "sop_logits", "sentence_order_label"}})
    if (given.find(form.sequence_logits) || given.find(form.sequence_label)) return form;
  return {given.find("prediction_logits") ? "prediction_logits" : "logits"};
}

/// Collects what an encoder shows, with Hugging Face's names: hidden_states.k, attentions.k, pooler_output.
struct encoder_observer {
  kept_observations kept;
  index_type heads;

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
      case observation::final_hidden_state:
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
  constexpr std::int64_t unplaced_id = M::lowest_position < 0 ? std::int64_t(M::config.padding_id) : -1;
  auto ids = integers_of(given, "input_ids", M::vocabulary);
  auto segments = integers_of(given, "token_type_ids", M::segments);
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

template <class Rows>
void keep_logits(const char* name, std::vector<std::int64_t> shape, Rows logits, tensors& results) {
  tensor& t = results[name];
  t.shape = std::move(shape);
  const std::int64_t rows = t.shape.size() == 3 ? t.shape[0] * t.shape[1] : t.shape[0];
  for (index_type r = 0; r < rows; ++r) t.numbers.insert(t.numbers.end(), logits[r], logits[r] + t.shape.back());
}

/// The labels of a case; empty if it has none.
struct encoder_labels {
  std::vector<std::int32_t> tokens, sequences;
};
template <Model M, index_type Batch, index_type Length>
std::optional<encoder_labels> encoder_labels_of(const checkpoint_file& given, const encoder_form& form) {
  auto tokens = labels_of(given, "labels", M::vocabulary), sequences = labels_of(given, form.sequence_label, 2);
  if (!tokens || !sequences) return {};
  if ((!tokens->empty() && tokens->size() != Batch * Length) || (!sequences->empty() && sequences->size() != Batch))
    return std::fprintf(stderr, "not as many labels as input_ids\n"), std::nullopt;
  return encoder_labels{std::move(*tokens), std::move(*sequences)};
}

/// Logits, loss, hidden states, attentions. Returns false (with a message) if something was rejected.
template <Model M, index_type Batch, index_type Length>
bool run_encoder_forward(const opened_case<M>& c, const encoder_tokens& tokens, const encoder_labels& labels,
                         const encoder_form& form, tensors& results) {
  forward_pass<M, batch<Batch>, typeformer::tokens<Length>, observing> forward{c.values};
  const auto delivered = forward.run(padded_tokens{.ids = tokens.ids,
                                                   .valid = tokens.valid,
                                                   .length = Length,
                                                   .segments = tokens.segments,
                                                   .positions = tokens.positions},
                                     encoder_observer{{&results, Batch, Length}, M::config.heads});
  if (!delivered) return std::fprintf(stderr, "%s\n", delivered.error().message().c_str()), false;
  double loss = 0;
  const auto keep_tokens = [&](auto logits) {
    keep_logits(form.token_logits, {Batch, Length, M::vocabulary}, logits, results);
    if (!labels.tokens.empty()) loss += mean_cross_entropy(results[form.token_logits].numbers, labels.tokens);
  };
  if constexpr (requires { delivered->sequences; }) {
    keep_tokens(delivered->tokens);
    if (*form.sequence_logits != 0) keep_logits(form.sequence_logits, {Batch, 2}, delivered->sequences, results);
    if (!labels.sequences.empty()) loss += mean_cross_entropy(results[form.sequence_logits].numbers, labels.sequences);
  } else {
    keep_tokens(*delivered);
  }
  if (!labels.tokens.empty()) results["loss"] = {{}, {static_cast<float>(loss)}, {}, {}};
  return true;
}

/// Loss, gradients and one step of AdamW.
template <Model M, class Objective, index_type Batch, index_type Length>
void run_encoder_backward(const opened_case<M>& c, const encoder_tokens& tokens, const encoder_labels& labels,
                          tensors& results) {
  batch_tables<Batch, Length> tables;
  fill_tables(tables, tokens.ids, tokens.positions);
  token_batch batch_of_case = tables.view();
  batch_of_case.segments = tokens.segments.empty() ? nullptr : tokens.segments.data();
  batch_of_case.key_valid = tokens.valid.data();
  batch_of_case.key_stride = Length;
  batch_of_case.labels = labels.tokens.data();
  batch_of_case.sequence_labels = labels.sequences.empty() ? nullptr : labels.sequences.data();
  keep_training_step<M, Objective, Batch, Length>(c.given, c.start, batch_of_case, c.settings.adamw, results);
}

/// Runs a case folder of an encoder. Returns the exit code of the runner.
template <Model M, case_shape Shape> int run_encoder_case(const std::string& folder, const std::string& output) {
  constexpr index_type batch = Shape.batch, length = Shape.length;
  return run_case_folder<M>(folder, output, [&](const opened_case<M>& c, tensors& results) {
    const encoder_form form = form_of(c.given);
    const auto tokens = encoder_tokens_of<M, batch, length>(c.given);
    const auto labels = encoder_labels_of<M, batch, length>(c.given, form);
    if (!tokens || !labels) return 1;
    if (tokens->valid.size() == tokens->ids.size() && hides_a_whole_sequence<length>(tokens->valid))
      return missing("attention_mask that hides a whole sequence");
    if (!run_encoder_forward<M, batch, length>(c, *tokens, *labels, form, results)) return 1;
    if (!c.everything || labels->tokens.empty()) return 0;
    if constexpr (requires { requires M::config.classifies_pairs; })
      if (!labels->sequences.empty())  // ALBERT's objective differs only in the name of a part
        return run_encoder_backward<M, bert_pretraining, batch, length>(c, *tokens, *labels, results), 0;
    return run_encoder_backward<M, masked_lm, batch, length>(c, *tokens, *labels, results), 0;
  });
}

}  // namespace typeformer::conformance
