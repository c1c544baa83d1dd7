// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include "decoder_parts.hpp"

/// T5 in its versions 1.0 and 1.1.
namespace importing {

/// The numbers of a T5, for its two stacks.
struct t5_numbers {
  std::int64_t layers = 1, decoder_layers = 1, width = 1, heads = 1, head_width = 1, hidden = 1, vocabulary = 1;
  std::int64_t context = 1, buckets = 1, maximum_distance = 1;
  double epsilon = 0;
  bool gated = false, tied = true;
  std::string function;

  std::int64_t query_width() const { return heads * head_width; }
};

/// `relu`, `gated-gelu`, …: whether there is a gate, and its function.
inline void read_feed_forward(published_config& config, t5_numbers& n) {
  const std::string_view type = config.choice("feed_forward_proj", "relu",
                                              {{"relu", "relu"},
                                               {"gelu", "gelu_erf"},
                                               {"gelu_new", "gelu_tanh"},
                                               {"silu", "silu"},
                                               {"gated-gelu", "gated gelu_tanh"},
                                               {"gated-relu", "gated relu"},
                                               {"gated-silu", "gated silu"}});
  n.gated = type.starts_with("gated ");
  n.function = "typeformer::" + std::string(type.substr(n.gated ? 6 : 0));
  if (config.boolean("is_gated_act", n.gated) != n.gated)  // newer files say it again
    config.unsupported("is_gated_act", "what feed_forward_proj says");
  if (config.find("dense_act_fn") != nullptr && function_of(config, "dense_act_fn", "relu") != n.function)
    config.unsupported("dense_act_fn", "what feed_forward_proj says");
}

inline figures t5_attention(const t5_numbers& n, std::int64_t rows, std::int64_t pairs) {
  figures attention;
  attention.rows = rows;
  attention.map(n.width, 3 * n.query_width(), false);
  attention.attend(pairs, n.query_width());
  attention.map(n.query_width(), n.width, false);
  return attention;
}

/// Reading a source of `source` tokens, and one step of the decoder after it.
inline figures costs_of(const t5_numbers& n, std::int64_t source) {
  const auto finish_branch = [&](figures& block) {
    block.normalize(figures::norm::root_mean_square, n.width);
    block.each(n.width);
  };
  figures encoder;
  encoder.rows = source;
  encoder.repeat(t5_attention(n, source, source * source), 1, 1);
  encoder.feed_forward(n.width, n.hidden, false, n.gated);
  for (int branch = 0; branch < 2; ++branch) finish_branch(encoder);

  figures decoder;
  decoder.repeat(t5_attention(n, 1, 1), 1, 1);
  decoder.map(n.width, n.query_width(), false);
  decoder.map(n.width, 2 * n.query_width(), false, source);
  decoder.attend(source, n.query_width());
  decoder.map(n.query_width(), n.width, false);
  decoder.feed_forward(n.width, n.hidden, false, n.gated);
  for (int branch = 0; branch < 3; ++branch) finish_branch(decoder);

  figures costs;
  costs.table(n.vocabulary, n.width, false);
  for (const bool encodes : {true, false}) {
    costs.rows = encodes ? source : 1;
    costs.table(n.buckets, n.heads, false);
    const std::int64_t layers = encodes ? n.layers : n.decoder_layers;
    costs.repeat(encodes ? encoder : decoder, layers, layers);
    costs.normalize(figures::norm::root_mean_square, n.width);
  }
  costs.flops.add({2, n.width, n.vocabulary});
  if (!n.tied) costs.parameters.add({n.width, n.vocabulary});
  else if (n.width > 1) costs.each(n.width);  // the scale of the logits
  return costs;
}

inline layer_text layers_of(const t5_numbers& n) {
  const layer_text norm = of_library("rms_norm", epsilon_of(n.epsilon)), no_bias = of_library("without_bias"),
                   unscaled = of_library("score_scale", literal("1.0")), heads = numbered("heads", n.heads),
                   head_width = numbered("head_width", n.head_width);
  const layer_text feed_forward = n.gated ? of_library("gated_feed_forward", literal(n.hidden), literal(n.function))
                                          : of_library("feed_forward", literal(n.hidden), literal(n.function), no_bias);
  const auto stack = [&](std::string name, const layer_text& direction, layer_text block, std::int64_t layers) {
    const layer_text bias =
        of_library("relative_position_bias", numbered("context", n.context), heads, numbered("buckets", n.buckets),
                   numbered("maximum_distance", n.maximum_distance), direction);
    block.parts.insert(block.parts.begin(),
                       of_library("self_attention", heads, head_width, direction, no_bias, unscaled));
    block.parts.push_back(feed_forward);
    block.parts.push_back(norm);
    return of_library(std::move(name), bias, dropout_place(), of_library("repeat", literal(layers), std::move(block)),
                      named("final_norm", norm), dropout_place());
  };
  layer_text decoder =
      stack("decoder", of_library("causal"),
            of_library("pre_norm_decoder_block", of_library("cross_attention", heads, head_width, no_bias, unscaled)),
            n.decoder_layers);
  decoder.parts.push_back(n.tied ? of_library("scaled_logits", head_of(true),
                                              literal("1 / typeformer::math::sqrt(" + std::to_string(n.width) + ".0)"))
                                 : head_of(false));
  return of_library("encoder_decoder", embedding_of(n.vocabulary, n.width),
                    stack("encoder", of_library("bidirectional"), of_library("pre_norm_block"), n.layers),
                    std::move(decoder));
}

inline imported_model read_t5(published_config& config, const import_request& request) {
  config.architecture({"T5ForConditionalGeneration", "T5WithLMHeadModel"});
  config.only("is_encoder_decoder", true);
  // Of training, of generation, and a length that the architecture does not know.
  config.ignore({"dropout_rate", "initializer_factor", "decoder_start_token_id", "n_positions"});
  t5_numbers n;
  n.width = config.count("d_model", 512);
  n.heads = config.count("num_heads", 8);
  n.head_width = config.count("d_kv", 64);
  n.hidden = config.count("d_ff", 2048);
  n.layers = config.count("num_layers", 6);
  n.decoder_layers = config.count("num_decoder_layers", n.layers);
  n.vocabulary = config.count("vocab_size", 32128);
  n.context = request.context_or(512);
  n.buckets = config.count("relative_attention_num_buckets", 32);
  n.maximum_distance = config.count("relative_attention_max_distance", 128);
  n.epsilon = config.number("layer_norm_epsilon", 1e-6);
  n.tied = config.boolean("tie_word_embeddings", true);
  read_feed_forward(config, n);
  if (n.buckets < 4 || n.buckets % 2 != 0)
    config.fail(config.named("relative_attention_num_buckets"), "an even number from 4 on", std::to_string(n.buckets));
  if (n.maximum_distance <= n.buckets / 2)
    config.fail(config.named("relative_attention_max_distance"),
                "more than half of the " + std::to_string(n.buckets) + " buckets", std::to_string(n.maximum_distance));

  imported_model model;
  model.is = imported_model::kind::encoder_decoder;
  model.family = n.gated ? "T5 1.1" : "T5";
  model.header = "t5";
  preset_fields fields;
  fields.with("layers", n.layers).with("decoder_layers", n.decoder_layers).with("width", n.width);
  fields.with("heads", n.heads).with("head_width", n.head_width).with("hidden", n.hidden);
  fields.with("vocabulary", n.vocabulary).with("context", n.context).with("buckets", n.buckets);
  fields.with("maximum_distance", n.maximum_distance).with("epsilon", literal_of(n.epsilon));
  fields.with_flag("gated", n.gated).with_flag("tied", n.tied);
  model.preset = fields.preset("t5", n.function);
  model.layers = layers_of(n);
  model.has_initial_values = true;
  model.context = n.context;
  model.costs = costs_of(n, n.context);
  for (int attention = 0; attention < 2; ++attention)  // to itself, and to the source
    remember_keys_and_values(model.state, n.decoder_layers, n.query_width(), n.context);
  return model;
}

}  // namespace importing
