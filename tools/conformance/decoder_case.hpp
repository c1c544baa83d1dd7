// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/all.hpp>
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

/// The width of a head of a preset.
template <class M> constexpr index_type head_width_of() {
  if constexpr (requires { M::config.head_width; }) {
    if (M::config.head_width > 0) return M::config.head_width;
  }
  return M::config.width / M::config.heads;
}

/// Collects what a decoder shows, with Hugging Face's names: hidden_states.k, attentions.k, past.0.*.
template <class M> struct decoder_observer {
  static constexpr index_type layers = M::config.layers, heads = M::config.heads, head_width = head_width_of<M>();
  kept_observations kept;

  template <class Rows> void operator()(observation what, loop_place place, Rows rows, index_type width) const {
    const std::string number = std::to_string(place.iteration);
    switch (what) {
      case observation::stack_input: return kept.keep_tokens("hidden_states.0", rows, width);
      case observation::block_output:
        if (place.iteration + 1 < layers)
          kept.keep_tokens("hidden_states." + std::to_string(place.iteration + 1), rows, width);
        return;
      case observation::final_hidden_state:
        return kept.keep_tokens("hidden_states." + std::to_string(layers), rows, width);
      case observation::attention_probabilities: return kept.keep_attention("attentions." + number, rows, heads);
      case observation::query_key_value: {
        constexpr index_type query_width = heads * head_width;
        const index_type key_width = (width - query_width) / 2;
        const auto keep = [&](const char* part, index_type first) {
          kept.keep_by_head("past." + number + part, rows, key_width / head_width, head_width, first);
        };
        keep(".key", query_width);
        return keep(".value", query_width + key_width);
      }
      case observation::cross_attention_probabilities:
      case observation::pooled: return;
    }
  }
};

/// Whether some row of a causal layer sees no key at all. Then the reference's result depends on how it represents
/// minus infinity.
template <class M> bool hides_a_whole_window(const checkpoint_file& given, std::int64_t length) {
  const auto valid = valid_of(given);
  const auto window_of = [&]([[maybe_unused]] index_type layer) -> std::int64_t {
    if constexpr (requires { typename M::windows; }) return M::windows::of(layer) > 0 ? M::windows::of(layer) : length;
    else return length;
  };
  const auto sees_nothing = [&](std::int64_t row, std::int64_t window) {
    const std::int64_t first = row / length * length;
    for (std::int64_t key = std::max(first, row - window + 1); key <= row; ++key)
      if (valid[static_cast<std::size_t>(key)]) return false;
    return true;
  };
  for (index_type layer = 0; layer < M::config.layers; ++layer)
    for (std::int64_t row = 0; row < static_cast<std::int64_t>(valid.size()); ++row)
      if (sees_nothing(row, window_of(layer))) return true;
  return false;
}

/// The target of row t is the label of token t + 1. The last row of a sequence has none.
inline std::vector<std::int32_t> shifted(const std::vector<std::int32_t>& labels, std::int64_t length) {
  std::vector<std::int32_t> targets(labels.size(), no_label);
  for (std::size_t row = 0; row < labels.size(); ++row)
    if ((row + 1) % static_cast<std::size_t>(length) != 0) targets[row] = labels[row + 1];
  return targets;
}

/// Logits, loss, hidden states, attentions. Returns false (with a message) if something was rejected.
template <Model M, index_type Batch, index_type Length>
bool run_decoder_forward(const opened_case<M>& c, const std::vector<std::int32_t>& tokens,
                         const std::vector<std::int32_t>& labels, tensors& results) {
  const auto sequences = rows_of(tokens, Length);
  forward_pass<M, batch<Batch>, typeformer::tokens<Length>, observing> forward{c.values};
  const decoder_observer<M> observer{{&results, Batch, Length}};
  const auto valid = valid_of(c.given);
  const auto logits = valid.empty() ? forward.run(std::span<const std::span<const std::int32_t>>{sequences}, observer)
                                    : forward.run(padded_tokens{tokens, valid, Length, true}, observer);
  if (!logits) return std::fprintf(stderr, "%s\n", logits.error().message().c_str()), false;
  keep_logits_and_loss({Batch, Length, M::vocabulary}, logits->data, shifted(labels, Length), results);
  return true;
}

/// The greedy continuation of the prompts, as long as the case's, and every beam search. Returns false (with a message)
/// if something was rejected.
template <Model M, index_type Prompts>
bool run_decoder_generation(const opened_case<M>& c, const std::string& folder, tensors& results) {
  const auto tokens = integers_of(c.given, "gen.prompt_ids", M::vocabulary);
  if (!tokens || tokens->empty()) return false;
  const auto prompts = rows_of(*tokens, shape_of(c.given, "gen.prompt_ids")[1]);
  if (c.given.find("gen.greedy_ids")) {
    session<M, batch<Prompts>> run{c.values};
    if (!keep_greedy(run, prompts, shape_of(c.given, "gen.greedy_ids")[1], c.settings.greedy, results)) return false;
  }
  const auto prepare = [](auto&, index_type) { return result<void, inference_error>{}; };
  return run_beams<M, Prompts>(c, folder, prompts, prepare, results);
}

/// Loss, gradients and one step of AdamW.
template <Model M, index_type Batch, index_type Length>
void run_decoder_backward(const opened_case<M>& c, const std::vector<std::int32_t>& tokens,
                          const std::vector<std::int32_t>& labels, tensors& results) {
  batch_tables<Batch, Length> tables;
  fill_tables(tables, tokens);
  const auto targets = shifted(labels, Length);
  const auto valid = valid_of(c.given);
  token_batch batch_of_case = tables.view();
  batch_of_case.key_valid = valid.empty() ? nullptr : valid.data();
  batch_of_case.key_stride = Length;
  batch_of_case.labels = targets.data();
  keep_training_step<M, causal_language_model, Batch, Length>(c.given, c.start, batch_of_case, c.settings.adamw,
                                                              results);
}

/// Runs a case folder of a decoder. Returns the exit code of the runner.
template <Model M, case_shape Shape> int run_decoder_case(const std::string& folder, const std::string& output) {
  constexpr index_type batch = Shape.batch, length = Shape.length;
  return run_case_folder<M>(folder, output, [&](const opened_case<M>& c, tensors& results) {
    const auto tokens = integers_of(c.given, "input_ids", M::vocabulary);
    const auto labels = labels_of(c.given, "labels", M::vocabulary);
    if (!tokens || !labels) return 1;
    if (!labels->empty() && labels->size() != tokens->size())
      return std::fputs("not as many labels as input_ids\n", stderr), 1;
    if (hides_a_whole_window<M>(c.given, length)) return missing("attention_mask that hides all that some token sees");
    if (!run_decoder_forward<M, batch, length>(c, *tokens, *labels, results)) return 1;
    if constexpr (Shape.prompts > 0)
      if (!run_decoder_generation<M, Shape.prompts>(c, folder, results)) return 1;
    if (c.everything && !labels->empty()) run_decoder_backward<M, batch, length>(c, *tokens, *labels, results);
    return 0;
  });
}

}  // namespace typeformer::conformance
