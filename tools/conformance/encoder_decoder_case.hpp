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

namespace typeformer::conformance {

/// Collects what both stacks show, with Hugging Face's names: encoder_hidden_states.k, encoder_attentions.k, the same
/// for the decoder, and cross_attentions.k.
template <class M, case_shape Shape> struct encoder_decoder_observer {
  tensors* results;

  template <class Rows> void operator()(observation what, loop_place place, Rows rows, index_type width) const {
    const bool encodes = rows.rows_are == axis::source;
    const kept_observations kept{results, Shape.batch, encodes ? Shape.length : Shape.target_length};
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
      case observation::final_hidden_state: return keep_state(layers);
      case observation::attention_probabilities:
        return kept.keep_attention(stack + "attentions." + number, rows, M::config.heads);
      case observation::cross_attention_probabilities:
        return kept.keep_by_head("cross_attentions." + number, rows, M::config.heads, Shape.length, 0);
      case observation::query_key_value:
      case observation::pooled: return;
    }
  }
};

/// Sources and targets of a case. `labels` may be empty, `source_valid` never is.
struct encoder_decoder_tokens {
  std::vector<std::int32_t> source, target, labels;
  std::vector<std::uint8_t> source_valid, target_valid;
  std::int32_t start;  ///< of a generation

  padded_tokens padded_source(index_type length) const { return {source, source_valid, length}; }
};

/// Nothing (with a message) if something is outside the vocabulary or does not have the length of the others.
template <Model M>
std::optional<encoder_decoder_tokens> encoder_decoder_tokens_of(const checkpoint_file& given,
                                                                const std::string& folder) {
  auto source = integers_of(given, "input_ids", M::vocabulary),
       target = integers_of(given, "decoder_input_ids", M::vocabulary);
  auto labels = labels_of(given, "labels", M::vocabulary);
  if (!source || !target || !labels) return {};
  auto source_valid = valid_of(given);
  if (source_valid.empty()) source_valid.assign(source->size(), 1);
  if (source_valid.size() != source->size() || (!labels->empty() && labels->size() != target->size()))
    return std::fprintf(stderr, "attention_mask or labels of another size than the tokens\n"), std::nullopt;
  const auto config = json_config::open(folder + "/config.json");
  std::int64_t start = -1;
  if (config)
    if (const auto id = config->integer("decoder_start_token_id", 0)) start = *id;
  if (start < 0 || start >= M::vocabulary)
    return std::fputs("decoder_start_token_id is no token\n", stderr), std::nullopt;
  std::vector<std::uint8_t> target_valid(target->size(), 1);
  return encoder_decoder_tokens{std::move(*source),      std::move(*target),      std::move(*labels),
                                std::move(source_valid), std::move(target_valid), std::int32_t(start)};
}

/// Logits, loss, hidden states, attentions. Returns false (with a message) if something was rejected.
template <Model M, case_shape Shape>
bool run_encoder_decoder_forward(const opened_case<M>& c, const encoder_decoder_tokens& tokens, tensors& results) {
  forward_pass<M, batch<Shape.batch>, typeformer::tokens<Shape.target_length>, source<Shape.length>, observing> forward{
      c.values};
  const auto logits = forward.run(tokens.padded_source(Shape.length),
                                  padded_tokens{tokens.target, tokens.target_valid, Shape.target_length},
                                  encoder_decoder_observer<M, Shape>{&results});
  if (!logits) return std::fprintf(stderr, "%s\n", logits.error().message().c_str()), false;
  keep_logits_and_loss({Shape.batch, Shape.target_length, M::vocabulary}, logits->data, tokens.labels, results);
  return true;
}

/// The greedy text for each source and every beam search. Returns false (with a message) if something was rejected.
template <Model M, case_shape Shape>
bool run_encoder_decoder_generation(const opened_case<M>& c, const std::string& folder,
                                    const encoder_decoder_tokens& tokens, tensors& results) {
  const std::vector prompts(static_cast<std::size_t>(Shape.batch), std::span<const std::int32_t>{&tokens.start, 1});
  if (c.given.find("gen.greedy_ids")) {
    session<M, batch<Shape.batch>, source<Shape.length>> run{c.values};
    if (const auto read = run.read(tokens.padded_source(Shape.length)); !read)
      return std::fprintf(stderr, "%s\n", read.error().message().c_str()), false;
    if (!keep_greedy(run, prompts, shape_of(c.given, "gen.greedy_ids")[1], c.settings.greedy, results)) return false;
  }
  // Every beam reads its prompt's source.
  const auto read_sources = [&](auto& run, index_type beams) {
    std::vector<std::int32_t> ids;
    std::vector<std::uint8_t> valid;
    const auto repeat_rows = [&](const auto& rows, auto& repeated) {
      for (index_type beam = 0; beam < Shape.batch * beams; ++beam) {
        const auto first = rows.begin() + beam / beams * Shape.length;
        repeated.insert(repeated.end(), first, first + Shape.length);
      }
    };
    repeat_rows(tokens.source, ids);
    repeat_rows(tokens.source_valid, valid);
    return run.read(padded_tokens{ids, valid, Shape.length});
  };
  return run_beams<M, Shape.batch>(c, folder, prompts, read_sources, results);
}

/// Loss, gradients and one step of AdamW.
template <Model M, case_shape Shape>
void run_encoder_decoder_backward(const opened_case<M>& c, const encoder_decoder_tokens& tokens, tensors& results) {
  batch_tables<Shape.batch, Shape.length> source_tables;
  batch_tables<Shape.batch, Shape.target_length> target_tables;
  fill_tables(source_tables, tokens.source);
  fill_tables(target_tables, tokens.target);
  token_batch source_of_case = source_tables.view(), batch_of_case = target_tables.view();
  source_of_case.key_valid = tokens.source_valid.data();
  source_of_case.key_stride = Shape.length;
  batch_of_case.source = &source_of_case;
  batch_of_case.labels = tokens.labels.data();
  keep_training_step<M, causal_language_model, Shape.batch, Shape.target_length>(c.given, c.start, batch_of_case,
                                                                                 c.settings.adamw, results);
}

/// Runs a case folder of an encoder-decoder. Returns the exit code of the runner.
template <Model M, case_shape Shape>
int run_encoder_decoder_case(const std::string& folder, const std::string& output) {
  return run_case_folder<M>(folder, output, [&](const opened_case<M>& c, tensors& results) {
    const auto tokens = encoder_decoder_tokens_of<M>(c.given, folder);
    if (c.given.find("decoder_attention_mask")) return missing("input decoder_attention_mask");
    if (!tokens) return 1;
    if (hides_a_whole_sequence<Shape.length>(tokens->source_valid))
      return missing("attention_mask that hides a whole source");
    if (!run_encoder_decoder_forward<M, Shape>(c, *tokens, results)) return 1;
    if (!run_encoder_decoder_generation<M, Shape>(c, folder, *tokens, results)) return 1;
    if (c.everything && !tokens->labels.empty()) run_encoder_decoder_backward<M, Shape>(c, *tokens, results);
    return 0;
  });
}

}  // namespace typeformer::conformance
