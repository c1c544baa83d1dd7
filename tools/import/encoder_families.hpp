// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include "decoder_parts.hpp"

/// BERT, RoBERTa and ALBERT.
namespace importing {

/// What BERT's family has in common.
struct encoder_numbers {
  std::int64_t layers = 1, width = 1, heads = 1, hidden = 1, vocabulary = 1, context = 1, segments = 1;
  std::int64_t embedding_width = 1, groups = 1, layers_in_group = 1;
  std::int64_t rows_before_the_first_position = 0;
  std::int64_t padding = 0;
  double epsilon = 0;
  std::string function, function_of_head;
  bool classifies_pairs = false, is_factorized = false, tied = true;
};

/// The numbers that an absent key stands for; all three families have the same keys.
struct encoder_defaults {
  std::int64_t width, heads, hidden, vocabulary, padding;
  std::string_view function;
};

/// The id of padding; -1 where config.json says that there is none.
inline std::int64_t padding_of(published_config& config, std::int64_t otherwise, std::int64_t vocabulary) {
  if (config.is_null("pad_token_id")) return -1;
  const tf::json_node* const node = config.find("pad_token_id");
  if (node == nullptr) {
    if (otherwise >= vocabulary) config.fail(config.named("pad_token_id") + " is missing");
    return otherwise;
  }
  if (node->kind == tf::json_kind::integer && node->integer >= 0 && node->integer < vocabulary) return node->integer;
  config.wrong("pad_token_id", node, "an id below " + config.named("vocab_size") + " = " + std::to_string(vocabulary));
  return 0;
}

inline encoder_numbers read_encoder(published_config& config, const encoder_defaults& defaults) {
  config.only_text("position_embedding_type", "absolute");
  config.only("is_decoder", false);
  config.only("is_encoder_decoder", false);
  config.only("add_cross_attention", false);
  config.only_empty("pruned_heads");
  encoder_numbers n;
  n.layers = config.count("num_hidden_layers", 12);
  n.width = n.embedding_width = config.count("hidden_size", defaults.width);
  n.heads = config.count("num_attention_heads", defaults.heads);
  n.hidden = config.count("intermediate_size", defaults.hidden);
  n.vocabulary = config.count("vocab_size", defaults.vocabulary);
  n.context = config.count("max_position_embeddings", 512);
  n.segments = config.count("type_vocab_size", 2);
  n.epsilon = config.number("layer_norm_eps", 1e-12);
  n.padding = padding_of(config, defaults.padding, n.vocabulary);
  n.tied = config.boolean("tie_word_embeddings", true);
  n.function = n.function_of_head = function_of(config, "hidden_act", defaults.function);
  head_width_of(config, "hidden_size", n.width, "num_attention_heads", n.heads);
  return n;
}

inline layer_text layers_of(const encoder_numbers& n) {
  const layer_text norm = of_library("layer_norm", epsilon_of(n.epsilon));
  layer_text embedding = embedding_of(n.vocabulary, n.embedding_width);
  embedding.parts.push_back(numbered("padding", n.padding));
  layer_text positions = of_library("learned_positions", numbered("context", n.context));
  if (n.rows_before_the_first_position > 0)
    positions.parts.push_back(numbered("first_position_row", n.rows_before_the_first_position));
  layer_text block = of_library("post_norm_block",
                                of_library("self_attention", numbered("heads", n.heads), of_library("bidirectional")),
                                of_library("feed_forward", literal(n.hidden), literal(n.function)), norm);
  layer_text stack = of_library("repeat", literal(n.layers), block);
  if (n.is_factorized)
    stack.parts = {literal(n.layers), of_library("repeat", literal(n.layers_in_group), block),
                   of_library("group_of", literal(n.layers), literal(n.groups))};
  layer_text head = of_library("masked_lm_head", literal(n.function_of_head), norm);
  if (!n.tied) head.parts.push_back(of_library("untied_head"));
  if (n.classifies_pairs)
    head = of_library("token_and_sequence_heads", head, layer_text{"typeformer::first_token_pooler<>", {}},
                      of_library("classifier", literal(2)));

  layer_text layers =
      of_library("encoder_only", embedding, of_library("segment_embedding", numbered("segments", n.segments)),
                 positions, named("embedding_norm", norm), dropout_place());
  if (n.is_factorized) layers.parts.push_back(named("embedding_projection", of_library("linear", literal(n.width))));
  layers.parts.push_back(std::move(stack));
  layers.parts.push_back(std::move(head));
  return layers;
}

inline figures costs_of(const encoder_numbers& n, std::int64_t tokens) {
  figures each;
  each.rows = tokens;
  each.map(n.width, 3 * n.width, true);
  each.attend(tokens * tokens, n.width);
  each.map(n.width, n.width, true);
  each.feed_forward(n.width, n.hidden, true, false);
  for (int branch = 0; branch < 2; ++branch) {
    each.normalize(figures::norm::layer, n.width);
    each.each(n.width);
  }
  figures costs;
  costs.rows = tokens;
  costs.table(n.vocabulary, n.embedding_width, false);
  costs.table(n.segments, n.embedding_width, true);
  costs.table(n.context + n.rows_before_the_first_position, n.embedding_width, true);
  costs.normalize(figures::norm::layer, n.embedding_width);
  if (n.is_factorized) costs.map(n.embedding_width, n.width, true);
  costs.repeat(each, n.layers * n.layers_in_group, (n.is_factorized ? n.groups : n.layers) * n.layers_in_group);
  costs.map(n.width, n.embedding_width, true);
  costs.flops.add({8, tokens, n.embedding_width});
  costs.normalize(figures::norm::layer, n.embedding_width);
  costs.parameters.add({n.vocabulary});
  if (!n.tied) costs.parameters.add({n.vocabulary, n.embedding_width});
  costs.flops.add({2, tokens, n.embedding_width, n.vocabulary});
  if (n.classifies_pairs) {
    costs.map(n.width, n.width, true, 1);
    costs.flops.add({8, n.width});
    costs.map(n.width, 2, true, 1);
  }
  return costs;
}

inline imported_model encoder_of(const encoder_numbers& n, const import_request& request, std::string_view preset) {
  imported_model model;
  model.is = imported_model::kind::encoder;
  model.header = preset;
  preset_fields fields;
  fields.with("layers", n.layers).with("width", n.width).with("heads", n.heads);
  if (n.is_factorized)
    fields.with("embedding_width", n.embedding_width)
        .with("groups", n.groups)
        .with("layers_in_group", n.layers_in_group);
  fields.with("hidden", n.hidden).with("vocabulary", n.vocabulary);
  // In the order of each preset's fields.
  if (n.rows_before_the_first_position > 0) fields.with("segments", n.segments).with("context", n.context);
  else fields.with("context", n.context).with("segments", n.segments);
  fields.with("epsilon", literal_of(n.epsilon)).with("padding_id", n.padding);
  if (n.rows_before_the_first_position == 0) fields.with_flag("classifies_pairs", n.classifies_pairs);
  fields.with_flag("tied", n.tied);
  model.preset = fields.preset(preset, n.function);
  model.layers = layers_of(n);
  model.context = n.context;
  model.costs = costs_of(n, request.context_or(n.context));
  return model;
}

inline imported_model read_bert(published_config& config, const import_request& request) {
  const std::string_view architecture = config.architecture({"BertForPreTraining", "BertForMaskedLM"});
  config.ignore({"directionality", "pooler_fc_size", "pooler_num_attention_heads", "pooler_num_fc_layers",
                 "pooler_size_per_head", "pooler_type"});  // of Google's checkpoints; nobody reads them
  encoder_numbers n = read_encoder(config, {768, 12, 3072, 30522, 0, "gelu"});
  n.classifies_pairs = architecture == "BertForPreTraining";
  imported_model model = encoder_of(n, request, "bert");
  model.family = "BERT";
  return model;
}

inline imported_model read_roberta(published_config& config, const import_request& request) {
  config.architecture({"RobertaForMaskedLM"});
  encoder_numbers n = read_encoder(config, {768, 12, 3072, 50265, 1, "gelu"});
  n.function_of_head = "typeformer::gelu_erf";
  if (n.padding < 0) config.fail(config.named("pad_token_id"), "an id, after which positions are counted", "null");
  n.rows_before_the_first_position = n.padding + 1;
  if (n.context <= n.rows_before_the_first_position) {
    config.fail(config.named("max_position_embeddings"),
                "more than " + std::to_string(n.rows_before_the_first_position) + ", the first position's row",
                std::to_string(n.context));
  }
  n.context -= n.rows_before_the_first_position;
  imported_model model = encoder_of(n, request, "roberta");
  model.family = "RoBERTa";
  return model;
}

inline imported_model read_albert(published_config& config, const import_request& request) {
  const std::string_view architecture = config.architecture({"AlbertForPreTraining", "AlbertForMaskedLM"});
  config.ignore({"down_scale_factor", "gap_size", "net_structure_type", "num_memory_blocks"});  // likewise
  encoder_numbers n = read_encoder(config, {4096, 64, 16384, 30000, 0, "gelu_new"});
  n.is_factorized = true;
  n.embedding_width = config.count("embedding_size", 128);
  n.groups = config.count("num_hidden_groups", 1);
  n.layers_in_group = config.count("inner_group_num", 1);
  n.classifies_pairs = architecture == "AlbertForPreTraining";
  if (n.groups > n.layers)
    config.fail(config.named("num_hidden_groups"),
                "no more than " + config.named("num_hidden_layers") + " = " + std::to_string(n.layers),
                std::to_string(n.groups));
  imported_model model = encoder_of(n, request, "albert");
  model.family = "ALBERT";
  return model;
}

}  // namespace importing
