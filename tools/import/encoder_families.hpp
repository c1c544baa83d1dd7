// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "readings.hpp"

/// The keys in config.json for the numbers of BERT, RoBERTa, ALBERT and T5.
namespace importing {

/// The id of padding; -1 if config.json says that there is none.
inline std::int64_t padding_of(model_reader& r, const key& k) {
  if (r.config.is_null(k.name)) return -1;
  const std::int64_t vocabulary = r.value_of("vocabulary");
  const tf::json_node* const node = r.config.find(k.name);
  if (node == nullptr) {
    if (whole(k.otherwise) >= vocabulary) r.config.fail(r.config.named(k.name) + " is missing");
    return whole(k.otherwise);
  }
  if (node->kind == tf::json_kind::integer && node->integer >= 0 && node->integer < vocabulary) return node->integer;
  r.config.wrong(k.name, node, "an id below " + r.named("vocabulary") + " = " + std::to_string(vocabulary));
  return 0;
}
inline void padding(model_reader& r, const key& k) { r.set(k.member, padding_of(r, k)); }

/// RoBERTa's table of positions begins with rows that no token reads, up to that of padding.
inline void context_after_padding(model_reader& r, const key& k) {
  const key& of_padding = r.row_of("padding_id");
  const std::int64_t id = padding_of(r, of_padding), rows = r.config.count(k.name, whole(k.otherwise));
  if (id < 0) r.config.fail(r.config.named(of_padding.name), "an id, after which positions are counted", "null");
  r.require(rows > id + 1, r.config.named(k.name), "more than " + std::to_string(id + 1) + ", the first position's row",
            rows);
  r.set(k.member, rows - id - 1);
}

/// Whether the architecture is the one with both heads of pre-training.
inline void both_heads(model_reader& r, const key& k) {
  r.set(k.member, r.architecture().ends_with("ForPreTraining") ? "true" : "false");
}

inline constexpr key bert_keys[] = {{"num_hidden_layers", "layers", count, "12"},
                                    {"hidden_size", "width", count, "768"},
                                    {"num_attention_heads", "heads", heads_of_width, "12"},
                                    {"intermediate_size", "hidden", count, "3072"},
                                    {"vocab_size", "vocabulary", count, "30522"},
                                    {"max_position_embeddings", "context", count, "512"},
                                    {"type_vocab_size", "segments", count, "2"},
                                    {"layer_norm_eps", "epsilon", number, "1e-12"},
                                    {"pad_token_id", "padding_id", padding, "0"},
                                    {"architectures", "classifies_pairs", both_heads},
                                    {"tie_word_embeddings", "tied", flag, "true"},
                                    {"hidden_act", "", function, "gelu"},
                                    {"position_embedding_type", "", only, "\"absolute\""}};

inline constexpr key roberta_keys[] = {{"num_hidden_layers", "layers", count, "12"},
                                       {"hidden_size", "width", count, "768"},
                                       {"num_attention_heads", "heads", heads_of_width, "12"},
                                       {"intermediate_size", "hidden", count, "3072"},
                                       {"vocab_size", "vocabulary", count, "50265"},
                                       {"type_vocab_size", "segments", count, "2"},
                                       {"max_position_embeddings", "context", context_after_padding, "512"},
                                       {"layer_norm_eps", "epsilon", number, "1e-12"},
                                       {"pad_token_id", "padding_id", padding, "1"},
                                       {"tie_word_embeddings", "tied", flag, "true"},
                                       {"hidden_act", "", function, "gelu"},
                                       {"position_embedding_type", "", only, "\"absolute\""}};

inline void groups_of_layers(model_reader& r, const key& k) {
  count(r, k);
  r.require(r.value_of(k.member) <= r.value_of("layers"), r.config.named(k.name),
            "no more than " + r.named("layers") + " = " + r.text_of("layers"), r.value_of(k.member));
}

inline constexpr key albert_keys[] = {{"num_hidden_layers", "layers", count, "12"},
                                      {"hidden_size", "width", count, "4096"},
                                      {"num_attention_heads", "heads", heads_of_width, "64"},
                                      {"embedding_size", "embedding_width", count, "128"},
                                      {"num_hidden_groups", "groups", groups_of_layers, "1"},
                                      {"inner_group_num", "layers_in_group", count, "1"},
                                      {"intermediate_size", "hidden", count, "16384"},
                                      {"vocab_size", "vocabulary", count, "30000"},
                                      {"max_position_embeddings", "context", count, "512"},
                                      {"type_vocab_size", "segments", count, "2"},
                                      {"layer_norm_eps", "epsilon", number, "1e-12"},
                                      {"pad_token_id", "padding_id", padding, "0"},
                                      {"architectures", "classifies_pairs", both_heads},
                                      {"tie_word_embeddings", "tied", flag, "true"},
                                      {"hidden_act", "", function, "gelu_new"},
                                      {"position_embedding_type", "", only, "\"absolute\""}};

/// `relu`, `gated-gelu`, …: whether there is a gate, and its function. Newer files repeat both in other keys.
inline void gate_and_function(model_reader& r, const key& k) {
  const std::string type = r.config.text(k.name, k.otherwise);
  const bool gated = type.starts_with("gated-");
  const std::string_view name = std::string_view(type).substr(gated ? 6 : 0),
                         function = r.config.function(k.name, gated && name == "gelu" ? "gelu_new" : name, activations);
  if (r.config.boolean("is_gated_act", gated) != gated)
    r.config.unsupported("is_gated_act", "what feed_forward_proj says");
  if (r.config.find("dense_act_fn") != nullptr && activation_of(r.config.text("dense_act_fn", "")) != function)
    r.config.unsupported("dense_act_fn", "what feed_forward_proj says");
  if (gated) r.model.title = "T5 1.1";
  r.set(k.member, gated ? "true" : "false");
  r.model.arguments.push_back("typeformer::" + std::string(function));
}

inline void buckets(model_reader& r, const key& k) {
  count(r, k);
  const std::int64_t found = r.value_of(k.member);
  r.require(found >= 4 && found % 2 == 0, r.config.named(k.name), "an even number from 4 on", found);
}
inline void distance_beyond_buckets(model_reader& r, const key& k) {
  count(r, k);
  r.require(r.value_of(k.member) > r.value_of("buckets") / 2, r.config.named(k.name),
            "more than half of the " + r.text_of("buckets") + " buckets", r.value_of(k.member));
}

/// Biases of distances have no longest text.
inline constexpr key t5_keys[] = {
    {"num_layers", "layers", count, "6"},
    {"num_decoder_layers", "decoder_layers", count},
    {"d_model", "width", count, "512"},
    {"num_heads", "heads", count, "8"},
    {"d_kv", "head_width", count, "64"},
    {"d_ff", "hidden", count, "2048"},
    {"vocab_size", "vocabulary", count, "32128"},
    {"", "context", context_as_asked, "512"},
    {"relative_attention_num_buckets", "buckets", buckets, "32"},
    {"relative_attention_max_distance", "maximum_distance", distance_beyond_buckets, "128"},
    {"layer_norm_epsilon", "epsilon", number, "1e-6"},
    {"feed_forward_proj", "gated", gate_and_function, "relu"},
    {"tie_word_embeddings", "tied", flag, "true"},
    {"is_encoder_decoder", "", only, "true"},
    {"n_positions", "", ignored}};  // of the texts that it was trained on

}  // namespace importing
