// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include "decoder_parts.hpp"

/// Gopher and Chinchilla.
namespace importing {

inline imported_model read_gopher(published_config& config, const import_request& request) {
  config.architecture({"gopher"});
  const std::int64_t width = config.count("d_model", 512), heads = config.count("n_head", 16),
                     layers = config.count("n_layer", 8), hidden = config.count("d_inner", 4 * width),
                     vocabulary = config.count("vocab_size", 32000);
  const std::int64_t head_width = config.find("d_head") != nullptr
                                      ? config.count("d_head")
                                      : head_width_of(config, "d_model", width, "n_head", heads);
  // Sinusoids of distances have no longest text: where no key limits it, what is asked for is the model's context.
  const bool is_limited = config.find("max_position_embeddings") != nullptr;
  const std::int64_t context = is_limited ? config.count("max_position_embeddings") : request.context_or(2048);
  if (width % 2 != 0) config.fail(config.named("d_model"), "an even number, for sinusoids", std::to_string(width));
  const double epsilon = config.number("rms_norm_eps", 1e-6);
  const bool tied = config.boolean("tie_word_embeddings", true);
  const std::string function = function_of(config, "activation_function", "gelu_new");

  imported_model model;
  model.family = "Gopher";
  model.header = "gopher";
  preset_fields fields;
  fields.with("layers", layers).with("width", width).with("heads", heads).with("head_width", head_width);
  fields.with("hidden", hidden).with("vocabulary", vocabulary).with("context", context);
  fields.with("epsilon", literal_of(epsilon)).with_flag("tied", tied);
  model.preset = fields.preset("gopher", function);
  const layer_text norm = of_library("rms_norm", epsilon_of(epsilon));
  model.layers = of_library(
      "decoder_only", embedding_of(vocabulary, width), of_library("relative_positions", numbered("context", context)),
      of_library("repeat", literal(layers),
                 of_library("pre_norm_block",
                            of_library("transformer_xl_attention", numbered("heads", heads),
                                       numbered("head_width", head_width)),
                            of_library("feed_forward", literal(hidden), literal(function)), norm)),
      named("final_norm", norm), head_of(tied));
  model.context = context;

  const std::int64_t query_width = heads * head_width;
  figures each;
  each.map(width, 3 * query_width, false);
  each.each(width);  // sinusoids of the token's distance from the first one
  each.map(width, query_width, false);
  each.parameters.add({2, query_width});  // the biases of content and of position
  each.flops.add({6, query_width});
  each.map(query_width, width, false);
  each.feed_forward(width, hidden, true, false);
  for (int branch = 0; branch < 2; ++branch) {
    each.normalize(figures::norm::root_mean_square, width);
    each.each(width);
  }
  model.costs.table(vocabulary, width, false);
  model.costs.repeat(each, layers, layers);
  model.costs.normalize(figures::norm::root_mean_square, width);
  model.costs.flops.add({2, width, vocabulary});
  if (!tied) model.costs.parameters.add({width, vocabulary});
  model.flops_of_an_earlier_token = cost_of_an_earlier_token(6, layers, query_width);
  model.state.add({3, layers, request.context_or(context), query_width});  // keys, values, projected distances
  return model;
}

}  // namespace importing
