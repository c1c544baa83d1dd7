// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>
#include <vector>

#include "imported_model.hpp"
#include "published_config.hpp"

namespace importing {

/// The library's function that a key names.
inline std::string function_of(published_config& config, std::string_view key, std::string_view otherwise) {
  return "typeformer::" + std::string(config.choice(key, otherwise, activations));
}

/// The width of a head; an error where the heads do not divide the width.
inline std::int64_t head_width_of(published_config& config, std::string_view width_key, std::int64_t width,
                                  std::string_view heads_key, std::int64_t heads) {
  if (width % heads != 0)
    config.fail(config.named(width_key), "a multiple of " + config.named(heads_key) + " = " + std::to_string(heads),
                std::to_string(width));
  return width / heads;
}

/// Keys come in whole panels of this many tokens.
inline constexpr std::int64_t keys_in_a_panel = 16;
inline void remember_keys_and_values(tally& state, std::int64_t layers, std::int64_t key_width, std::int64_t tokens) {
  const std::int64_t panels = (tokens + keys_in_a_panel - 1) / keys_in_a_panel;
  state.add({layers, key_width, panels * keys_in_a_panel + tokens});
}

/// What one more remembered token costs the next one; 0 where that is beyond 63 bits.
inline std::int64_t cost_of_an_earlier_token(std::int64_t operations, std::int64_t layers, std::int64_t width) {
  tally earlier;
  earlier.add({operations, layers, width});
  return earlier.overflowed() ? 0 : earlier.total();
}

/// The numbers of GPT, GPT-2, GPT-3 and GPT-Neo, whose layers differ in little.
struct gpt_numbers {
  std::int64_t layers = 1, width = 1, heads = 1, hidden = 1, vocabulary = 1, context = 1;
  double epsilon = 0;
  bool tied = true;
  std::string function;

  preset_fields fields() const {
    preset_fields fields;
    fields.with("layers", layers).with("width", width).with("heads", heads).with("hidden", hidden);
    fields.with("vocabulary", vocabulary).with("context", context).with("epsilon", literal_of(epsilon));
    return fields;
  }
};

inline layer_text epsilon_of(double epsilon) { return of_library("epsilon", literal(literal_of(epsilon))); }
inline layer_text dropout_place() { return of_library("dropout", literal("0.0")); }
inline layer_text head_of(bool tied) { return of_library(tied ? "tied_head" : "untied_head"); }
inline layer_text embedding_of(std::int64_t vocabulary, std::int64_t width) {
  return of_library("token_embedding", numbered("vocabulary", vocabulary), numbered("width", width));
}

/// A decoder of the GPT kind: `block` is pre_norm_block or post_norm_block, `attention` what follows its heads.
inline imported_model gpt_of(const gpt_numbers& n, const import_request& request, std::string block,
                             std::vector<layer_text> attention_options, bool has_query_key_value_bias) {
  const layer_text norm = of_library("layer_norm", epsilon_of(n.epsilon));
  const bool normalizes_at_the_end = block == "pre_norm_block";
  layer_text attention = of_library("self_attention", numbered("heads", n.heads), of_library("causal"));
  for (layer_text& option : attention_options) attention.parts.push_back(std::move(option));

  imported_model model;
  model.layers =
      of_library("decoder_only", embedding_of(n.vocabulary, n.width),
                 of_library("learned_positions", numbered("context", n.context)), dropout_place(),
                 of_library("repeat", literal(n.layers),
                            of_library(std::move(block), std::move(attention),
                                       of_library("feed_forward", literal(n.hidden), literal(n.function)), norm)));
  if (normalizes_at_the_end) model.layers.parts.push_back(named("final_norm", norm));
  model.layers.parts.push_back(head_of(n.tied));
  model.context = n.context;

  figures each;
  each.map(n.width, 3 * n.width, has_query_key_value_bias);
  each.attend(1, n.width);
  each.map(n.width, n.width, true);
  each.feed_forward(n.width, n.hidden, true, false);
  for (int branch = 0; branch < 2; ++branch) {
    each.normalize(figures::norm::layer, n.width);
    each.each(n.width);
  }
  model.costs.table(n.vocabulary, n.width, false);
  model.costs.table(n.context, n.width, true);
  model.costs.repeat(each, n.layers, n.layers);
  if (normalizes_at_the_end) model.costs.normalize(figures::norm::layer, n.width);
  model.costs.flops.add({2, n.width, n.vocabulary});
  if (!n.tied) model.costs.parameters.add({n.width, n.vocabulary});
  model.flops_of_an_earlier_token = cost_of_an_earlier_token(4, n.layers, n.width);
  remember_keys_and_values(model.state, n.layers, n.width, request.context_or(n.context));
  return model;
}

}  // namespace importing
