// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <typeformer/contract/output_widths.hpp>
#include <typeformer/objectives/answer_span.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/objective_sum.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/objectives/regression.hpp>

#include "case_inputs.hpp"
#include "case_upstream.hpp"

/// The targets of an encoder's case, and the objective that each kind of case has.
namespace typeformer::conformance {

/// What a case calls the labels of sequences in pre-training, and their logits; empty: it has none.
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

template <Model M> inline constexpr bool delivers_both = token_outputs<M> > 0 && sequence_outputs<M> > 0;

/// The objective of a kind of case.
template <Model M, case_kind Kind> constexpr auto objective_of_case() {
  if constexpr (Kind == case_kind::hidden && delivers_both<M>)
    return objective_sum<token_regression<upstream_gradient>, sequence_regression<upstream_gradient>>{};
  else if constexpr (Kind == case_kind::hidden && sequence_outputs<M> > 0)
    return sequence_regression<upstream_gradient>{};
  else if constexpr (Kind == case_kind::hidden) return token_regression<upstream_gradient>{};
  else if constexpr (Kind == case_kind::sequence) return sequence_classification{};
  else if constexpr (Kind == case_kind::sequence_numbers) return sequence_regression<squared_error>{};
  else if constexpr (Kind == case_kind::sequence_flags) return sequence_regression<binary_cross_entropy>{};
  else if constexpr (Kind == case_kind::token1) return token_regression<binary_cross_entropy>{};
  else if constexpr (Kind == case_kind::answer) return answer_span_with_padding{};
  else return token_classification{};
}

/// The targets of a case; those that its kind does not have are empty.
struct encoder_targets {
  std::vector<std::int32_t> tokens{}, sequences{}, answers{};
  std::vector<float> of_tokens{}, of_sequences{};
  index_type outputs = 0, sequence_outputs = 0;

  bool any() const {
    return !tokens.empty() || !sequences.empty() || !answers.empty() || !of_tokens.empty() || !of_sequences.empty();
  }
  void attach(token_batch& batch) const {
    const auto data_of = [](const auto& values) { return values.empty() ? nullptr : values.data(); };
    batch.labels = data_of(tokens);
    batch.sequence_labels = data_of(sequences);
    batch.answer_spans = data_of(answers);
    batch.targets = data_of(of_tokens);
    batch.sequence_targets = data_of(of_sequences);
    batch.outputs = outputs;
    batch.sequence_outputs = sequence_outputs;
  }
};

/// Nothing (with a message) if something lies outside the classes, or if there are not as many as `input_ids`.
template <Model M, index_type Batch, index_type Length, case_kind Kind>
std::optional<encoder_targets> encoder_targets_of(const checkpoint_file& given,
                                                  const std::vector<std::uint8_t>& valid) {
  constexpr index_type of_tokens = token_outputs<M>, of_sequences = sequence_outputs<M>;
  encoder_targets t{.outputs = of_tokens, .sequence_outputs = of_sequences};
  const auto take = [](auto from, auto& to, index_type expected) {
    if (!from) return false;
    to = std::move(*from);
    if (to.empty() || index_type(to.size()) == expected) return true;
    return std::fprintf(stderr, "not as many labels as input_ids\n"), false;
  };
  bool ok = true;
  if constexpr (Kind == case_kind::hidden) {
    ok = take(upstream_of(given, "gout.last_hidden_state", of_tokens), t.of_tokens, Batch * Length * of_tokens) &&
         take(upstream_of(given, "gout.pooler_output", of_sequences), t.of_sequences, Batch * of_sequences);
    const auto fill = [](std::vector<float>& targets, index_type size) {
      if (targets.empty()) targets.assign(std::size_t(size), std::numeric_limits<float>::quiet_NaN());  // none
    };
    if (t.any()) {
      fill(t.of_tokens, Batch * Length * of_tokens);
      fill(t.of_sequences, Batch * of_sequences);
    }
  } else if constexpr (Kind == case_kind::sequence) {
    ok = take(labels_of(given, "labels", of_sequences), t.sequences, Batch);
  } else if constexpr (Kind == case_kind::sequence_numbers || Kind == case_kind::sequence_flags) {
    ok = take(numbers_of(given, "labels"), t.of_sequences, Batch * of_sequences);
  } else if constexpr (Kind == case_kind::token1) {
    ok = take(numbers_of(given, "labels"), t.of_tokens, Batch * Length);
    for (std::size_t row = 0; row < t.of_tokens.size(); ++row)
      if (!valid[row]) t.of_tokens[row] = std::numeric_limits<float>::quiet_NaN();
  } else if constexpr (Kind == case_kind::answer) {
    const auto first = integers_of(given, "start_positions", Length),
               last = integers_of(given, "end_positions", Length);
    if (!first || !last || first->size() != last->size()) return {};
    for (std::size_t s = 0; s < first->size(); ++s) t.answers.insert(t.answers.end(), {(*first)[s], (*last)[s]});
  } else {
    ok = take(labels_of(given, "labels", of_tokens), t.tokens, Batch * Length);
    if constexpr (Kind == case_kind::unsaid && delivers_both<M>)
      ok = ok && take(labels_of(given, form_of(given).sequence_label, of_sequences), t.sequences, Batch);
  }
  if (!ok) return {};
  return t;
}

}  // namespace typeformer::conformance
