// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/all.hpp>
#include <typeformer/objectives/causal_language_model.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

#include "case_beams.hpp"
#include "case_folder.hpp"
#include "case_greedy.hpp"
#include "case_inputs.hpp"
#include "case_loss.hpp"
#include "case_observations.hpp"
#include "case_training.hpp"
#include "encoder_decoder_inputs.hpp"

namespace typeformer::conformance {

/// Heads of a stack's attentions.
template <Model M> constexpr index_type heads_of_stack(bool encodes) {
  if constexpr (requires { index_type(M::config.decoder_heads); })
    if (!encodes && M::config.decoder_heads != 0) return M::config.decoder_heads;
  return M::config.heads;
}

/// Collects what both stacks show, with Hugging Face's names: encoder_hidden_states.k, encoder_attentions.k, the same
/// for the decoder, encoder_last_hidden_state and cross_attentions.k.
template <Model M, case_shape Shape> struct encoder_decoder_observer {
  static constexpr index_type source_rows = rows_of_source<M, Shape>();
  tensors* results;

  template <class Rows> void operator()(observation what, loop_place place, Rows rows, index_type width) const {
    const bool encodes = rows.rows_are == axis::source;
    const kept_observations kept{results, Shape.batch, encodes ? source_rows : Shape.target_length};
    const std::string stack = encodes ? "encoder_" : "decoder_", number = std::to_string(place.iteration);
    const index_type layers = encodes || M::config.decoder_layers == 0 ? M::config.layers : M::config.decoder_layers;
    const auto keep_state = [&](index_type k) {
      kept.keep_tokens(stack + "hidden_states." + std::to_string(k), rows, width);
    };
    switch (what) {
      case observation::stack_input: return keep_state(0);
      case observation::block_output:
        if (place.iteration + 1 < layers) keep_state(place.iteration + 1);
        return;
      case observation::final_hidden_state:
        if (encodes) kept.keep_tokens("encoder_last_hidden_state", rows, width);
        return keep_state(layers);
      case observation::attention_probabilities:
        return kept.keep_attention(stack + "attentions." + number, rows, heads_of_stack<M>(encodes));
      case observation::cross_attention_probabilities:
        return kept.keep_by_head("cross_attentions." + number, rows, heads_of_stack<M>(false), source_rows, 0);
      case observation::query_key_value:
      case observation::pooled: return;
    }
  }
};

/// Logits, loss, hidden states, attentions. Returns false (with a message) if something was rejected.
template <Model M, case_shape Shape>
bool run_encoder_decoder_forward(const opened_case<M>& c, const encoder_decoder_inputs& given, tensors& results) {
  constexpr index_type rows = rows_of_source<M, Shape>();
  forward_pass<M, batch<Shape.batch>, tokens<Shape.target_length>, source<rows>, observing> forward{c.values};
  const padded_tokens target{given.target, given.target_valid, Shape.target_length};
  const encoder_decoder_observer<M, Shape> observer{&results};
  const auto logits = [&] {
    if constexpr (source_channels<M> > 0)
      return forward.run(padded_features{given.features, given.source_valid, rows}, target, observer);
    else return forward.run(padded_tokens{given.source, given.source_valid, rows}, target, observer);
  }();
  if (!logits) return std::fprintf(stderr, "%s\n", logits.error().message().c_str()), false;
  keep_logits_and_loss({Shape.batch, Shape.target_length, M::vocabulary}, logits->data, given.labels, results);
  return true;
}

/// The greedy text for each source and every beam search. Returns false (with a message) if something was rejected.
template <Model M, case_shape Shape>
bool run_encoder_decoder_generation(const opened_case<M>& c, const std::string& folder,
                                    const encoder_decoder_inputs& given, tensors& results) {
  constexpr index_type rows = rows_of_source<M, Shape>();
  const std::vector prompts(static_cast<std::size_t>(Shape.batch), std::span<const std::int32_t>{&given.start, 1});
  if (c.given.find("gen.greedy_ids")) {
    session<M, batch<Shape.batch>, source<rows>> run{c.values};
    if (const auto read = given.read(run, rows); !read)
      return std::fprintf(stderr, "%s\n", read.error().message().c_str()), false;
    if (!keep_greedy(run, prompts, shape_of(c.given, "gen.greedy_ids")[1], c.settings.greedy, results)) return false;
  }
  // Every beam reads its prompt's source.
  const auto read_sources = [&](auto& run, index_type beams) { return given.repeated(beams).read(run, rows); };
  return run_beams<M, Shape.batch>(c, folder, prompts, read_sources, results);
}

/// Loss, gradients and one step of AdamW.
template <Model M, case_shape Shape>
void run_encoder_decoder_backward(const opened_case<M>& c, const encoder_decoder_inputs& given, tensors& results) {
  constexpr index_type rows = rows_of_source<M, Shape>();
  batch_tables<Shape.batch, rows> source_tables;
  batch_tables<Shape.batch, Shape.target_length> target_tables;
  fill_tables(source_tables, given.source);
  fill_tables(target_tables, given.target);
  token_batch source_of_case = source_tables.view(), batch_of_case = target_tables.view();
  if constexpr (source_channels<M> > 0) {
    source_of_case.features = given.features.data();
    source_of_case.feature_rows = source_of_case.rows;
    source_of_case.channels = source_channels<M>;
  }
  source_of_case.key_valid = given.source_valid.data();
  source_of_case.key_stride = rows;
  batch_of_case.source = &source_of_case;
  batch_of_case.labels = given.labels.data();
  keep_training_step<M, causal_language_model, Shape.batch, Shape.target_length>(c.given, c.start, batch_of_case,
                                                                                 c.settings.adamw, results);
}

/// Runs a case folder of an encoder-decoder. Returns the exit code of the runner.
template <Model M, case_shape Shape>
int run_encoder_decoder_case(const std::string& folder, const std::string& output) {
  return run_case_folder<M>(folder, output, [&](const opened_case<M>& c, tensors& results) {
    const auto given = encoder_decoder_inputs_of<M, Shape>(c.given, folder);
    if (c.given.find("decoder_attention_mask")) return missing("input decoder_attention_mask");
    if (!given) return 1;
    if (hides_a_whole_sequence<rows_of_source<M, Shape>()>(given->source_valid))
      return missing("attention_mask that hides a whole source");
    if (!run_encoder_decoder_forward<M, Shape>(c, *given, results)) return 1;
    if (!run_encoder_decoder_generation<M, Shape>(c, folder, *given, results)) return 1;
    if (c.everything && !given->labels.empty()) run_encoder_decoder_backward<M, Shape>(c, *given, results);
    return 0;
  });
}

}  // namespace typeformer::conformance
