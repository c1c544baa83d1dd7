// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include "decoder_parts.hpp"

/// Llama and PaLM.
namespace importing {

inline void require_even(published_config& config, std::int64_t head_width) {
  if (head_width % 2 != 0)
    config.fail("the width of a head", "an even number, for rotary positions", std::to_string(head_width));
}

/// The base of the rotations, and what positions are divided by.
struct rotation {
  double theta = 10000, position_divisor = 1;
};

inline double base_of_rotations(published_config& config, double otherwise = 10000) {
  const double theta = config.number("rope_theta", otherwise);
  if (!(theta > 0)) config.fail(config.named("rope_theta"), "a number above 0", text_of(theta));
  return theta;
}

/// Older files say how positions are scaled in `rope_scaling`, newer ones in `rope_parameters`, some in both. The dynamic
/// kind changes only texts beyond the context, which are rejected; other kinds are not supported.
inline rotation rotation_of(published_config& config) {
  rotation found{.theta = base_of_rotations(config)};
  const tf::json_node* const type = config.find("rope_scaling.rope_type");
  const std::string kind = type == nullptr ? "\"default\"" : config.text_of(*type);
  const bool is_linear = kind == "\"linear\"", scales = is_linear || kind == "\"dynamic\"";
  const double factor = scales ? config.number("rope_scaling.factor", 0) : 1;
  if (is_linear) found.position_divisor = factor;
  for (const std::string_view key : {"rope_scaling", "rope_parameters"}) {
    const tf::json_node* const node = config.find(key);
    if (node == nullptr) continue;
    const bool is_known = node->kind == tf::json_kind::object && config.all_asked_in(key);
    if (!is_known || !(scales || kind == "\"default\"") || factor < 1)
      config.unsupported(key, "null or a linear or dynamic type with a factor from 1 on");
  }
  return found;
}

inline layer_text rotary_of(std::int64_t context, std::int64_t head_width, const rotation& turns) {
  const layer_text base = of_library("theta", literal(literal_of(turns.theta)));
  if (turns.position_divisor == 1)
    return of_library("rotary_positions", numbered("context", context), numbered("rotary_width", head_width),
                      of_library("half_split_pairs"), base);
  return of_library("rotary_positions", numbered("context", context), numbered("rotary_width", head_width),
                    of_library("half_split_pairs"), base,
                    of_library("position_divisor", literal(literal_of(turns.position_divisor))));
}

/// What a step of a decoder with rotary positions and a gated feed-forward costs but for norms and the head.
inline figures rotary_block(std::int64_t width, std::int64_t heads, std::int64_t key_value_heads,
                            std::int64_t head_width, std::int64_t hidden, bool has_bias) {
  figures each;
  const std::int64_t query_width = heads * head_width;
  each.map(width, query_width + 2 * key_value_heads * head_width, has_bias);
  each.flops.add({3, heads + key_value_heads, head_width});
  each.attend(1, query_width);
  each.map(query_width, width, has_bias);
  each.feed_forward(width, hidden, false, true);
  each.flops.add({2, width});  // the sums of the residual branches
  return each;
}

inline imported_model read_llama(published_config& config, const import_request& request) {
  config.architecture({"LlamaForCausalLM"});
  config.only("mlp_bias", false);
  config.ignore({"pretraining_tp"});                          // slices the same products
  config.ignore({"is_llama_config", "max_sequence_length"});  // nobody reads them
  const std::int64_t width = config.count("hidden_size", 4096), heads = config.count("num_attention_heads", 32),
                     layers = config.count("num_hidden_layers", 32),
                     groups = config.count("num_key_value_heads", heads),
                     hidden = config.count("intermediate_size", 11008), vocabulary = config.count("vocab_size", 32000),
                     context = config.count("max_position_embeddings", 2048);
  const std::int64_t head_width = head_width_of(config, "hidden_size", width, "num_attention_heads", heads);
  config.only("head_dim", head_width);
  require_even(config, head_width);
  if (heads % groups != 0)
    config.fail(config.named("num_attention_heads"),
                "a multiple of " + config.named("num_key_value_heads") + " = " + std::to_string(groups),
                std::to_string(heads));
  const rotation turns = rotation_of(config);
  const double epsilon = config.number("rms_norm_eps", 1e-6);
  const bool tied = config.boolean("tie_word_embeddings", false), has_bias = config.boolean("attention_bias", false);
  const std::string function = function_of(config, "hidden_act", "silu");

  imported_model model;
  model.family = "Llama";
  model.header = "llama";
  preset_fields fields;
  fields.with("layers", layers).with("width", width).with("heads", heads).with("key_value_heads", groups);
  fields.with("hidden", hidden).with("vocabulary", vocabulary).with("context", context);
  fields.with("theta", literal_of(turns.theta)).with("epsilon", literal_of(epsilon));
  fields.with("position_divisor", literal_of(turns.position_divisor));
  fields.with_flag("tied", tied).with_flag("attention_bias", has_bias);
  model.preset = fields.preset("llama", function);
  const layer_text norm = of_library("rms_norm", epsilon_of(epsilon));
  model.layers = of_library(
      "decoder_only", embedding_of(vocabulary, width), rotary_of(context, head_width, turns),
      of_library("repeat", literal(layers),
                 of_library("pre_norm_block",
                            of_library("self_attention", numbered("heads", heads), numbered("key_value_heads", groups),
                                       of_library("causal"), of_library(has_bias ? "with_bias" : "without_bias")),
                            of_library("gated_feed_forward", literal(hidden), literal(function)), norm)),
      named("final_norm", norm), head_of(tied));
  model.context = context;

  figures each = rotary_block(width, heads, groups, head_width, hidden, has_bias);
  for (int branch = 0; branch < 2; ++branch) each.normalize(figures::norm::root_mean_square, width);
  model.costs.table(vocabulary, width, false);
  model.costs.each(head_width);
  model.costs.repeat(each, layers, layers);
  model.costs.normalize(figures::norm::root_mean_square, width);
  model.costs.flops.add({2, width, vocabulary});
  if (!tied) model.costs.parameters.add({width, vocabulary});
  model.flops_of_an_earlier_token = cost_of_an_earlier_token(4, layers, width);
  remember_keys_and_values(model.state, layers, groups * head_width, request.context_or(context));
  return model;
}

/// Of lucidrains' PaLM-pytorch, whose logits are not scaled; it has no longest text.
inline imported_model read_palm(published_config& config, const import_request& request) {
  config.architecture({"palm"});
  const std::int64_t width = config.count("dim"), heads = config.count("heads", 8), layers = config.count("depth"),
                     head_width = config.count("dim_head", 64), vocabulary = config.count("num_tokens"),
                     hidden = width * config.count("ff_mult", 4), context = request.context_or(2048);
  require_even(config, head_width);
  const rotation turns{.theta = base_of_rotations(config)};
  const double epsilon = config.number("layer_norm_eps", 1e-5);

  imported_model model;
  model.family = "PaLM";
  model.header = "palm";
  preset_fields fields;
  fields.with("layers", layers).with("width", width).with("heads", heads).with("head_width", head_width);
  fields.with("hidden", hidden).with("vocabulary", vocabulary).with("context", context);
  fields.with("theta", literal_of(turns.theta)).with("epsilon", literal_of(epsilon)).with("logit_scale", "1.0");
  model.preset = fields.preset("palm");
  model.has_initial_values = true;
  const layer_text norm = of_library("layer_norm", epsilon_of(epsilon), of_library("without_bias"));
  model.layers = of_library(
      "decoder_only", embedding_of(vocabulary, width), rotary_of(context, head_width, turns),
      of_library(
          "repeat", literal(layers),
          of_library("parallel_block",
                     of_library("self_attention", numbered("heads", heads), numbered("key_value_heads", 1),
                                numbered("head_width", head_width), of_library("causal"), of_library("without_bias")),
                     of_library("gated_feed_forward", literal(hidden), of_library("silu")), norm)),
      named("final_norm", norm), of_library("scaled_logits", head_of(true), literal("1.0")));
  model.context = context;

  figures each = rotary_block(width, heads, 1, head_width, hidden, false);
  each.normalize(figures::norm::layer_without_bias, width);
  model.costs.table(vocabulary, width, false);
  model.costs.each(head_width);
  model.costs.repeat(each, layers, layers);
  model.costs.normalize(figures::norm::layer_without_bias, width);
  model.costs.flops.add({2, width, vocabulary});
  model.flops_of_an_earlier_token = cost_of_an_earlier_token(4, layers, heads * head_width);
  remember_keys_and_values(model.state, layers, head_width, context);
  return model;
}

}  // namespace importing
