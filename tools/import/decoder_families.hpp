// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "attention_windows.hpp"
#include "readings.hpp"

/// The keys in config.json for the numbers of GPT, GPT-2, GPT-3, GPT-Neo, Llama, PaLM and Gopher.
namespace importing {

inline void gpt_function(model_reader& r, const key& k) {
  r.model.arguments.push_back(
      "typeformer::" + std::string(r.config.function(k.name, r.config.text(k.name, k.otherwise), activations_of_gpt)));
}

inline constexpr key gpt_keys[] = {{"n_layer", "layers", count, "12"},
                                   {"n_embd", "width", count, "768"},
                                   {"n_head", "heads", heads_of_width, "12"},
                                   {"vocab_size", "vocabulary", count, "40478"},
                                   {"n_positions", "context", count, "512"},
                                   {"layer_norm_epsilon", "epsilon", number, "1e-5"},
                                   {"tie_word_embeddings", "tied", flag, "true"},
                                   {"afn", "", gpt_function, "gelu"}};

inline constexpr key gpt2_keys[] = {{"n_layer", "layers", count, "12"},
                                    {"n_embd", "width", count, "768"},
                                    {"n_head", "heads", heads_of_width, "12"},
                                    {"n_inner", "hidden", count},
                                    {"vocab_size", "vocabulary", count, "50257"},
                                    {"n_positions", "context", count, "1024"},
                                    {"layer_norm_epsilon", "epsilon", number, "1e-5"},
                                    {"scale_attn_weights", "scales_scores", flag, "true"},
                                    {"scale_attn_by_inverse_layer_idx", "scores_over_layer_number", flag, "false"},
                                    {"tie_word_embeddings", "tied", flag, "true"},
                                    {"activation_function", "", function, "gelu_new"},
                                    {"gpt3_attention", "", gpt3_windows}};

inline constexpr key gpt_neo_keys[] = {{"num_layers", "layers", count, "24"},
                                       {"hidden_size", "width", count, "2048"},
                                       {"num_heads", "heads", heads_of_width, "16"},
                                       {"intermediate_size", "hidden", count},
                                       {"vocab_size", "vocabulary", count, "50257"},
                                       {"max_position_embeddings", "context", count, "2048"},
                                       {"layer_norm_epsilon", "epsilon", number, "1e-5"},
                                       {"tie_word_embeddings", "tied", flag, "true"},
                                       {"activation_function", "", function, "gelu_new"},
                                       {"attention_types", "", gpt_neo_windows}};

/// Groups of heads that share keys and values.
inline void key_value_heads(model_reader& r, const key& k) {
  count(r, k);
  const std::int64_t groups = r.value_of(k.member), heads = r.value_of("heads");
  r.require(groups == 0 || heads % groups == 0, r.named("heads"),
            "a multiple of " + r.config.named(k.name) + " = " + r.text_of(k.member), heads);
}
/// A redundant key: a fraction of the width, in pairs that are rotated.
inline void width_of_rotated_head(model_reader& r, const key& k) {
  const std::int64_t width = shared_width(r);
  r.config.only(k.name, std::to_string(width));
  r.require(width % 2 == 0, "the width of a head", "an even number, for rotary positions", width);
}

/// Older files give the scaling of positions in `rope_scaling`, newer ones in `rope_parameters`, some in both. The
/// dynamic kind changes only texts longer than the context, which are rejected. Other kinds are not supported.
inline void position_divisor(model_reader& r, const key& k) {
  const std::string kind = r.config.text("rope_scaling.rope_type", "default");
  const bool is_linear = kind == "linear", scales = is_linear || kind == "dynamic";
  const double factor = scales ? r.config.number("rope_scaling.factor", 0) : 1;
  for (const std::string_view object : {"rope_scaling", "rope_parameters"}) {
    const tf::json_node* const node = r.config.find(object);
    if (node == nullptr) continue;
    const bool is_known = node->kind == tf::json_kind::object && r.config.unasked_in(object).empty();
    if (!is_known || !(scales || kind == "default") || factor < 1)
      r.config.unsupported(object, "null or a linear or dynamic type with a factor from 1 on");
  }
  r.set(k.member, literal_of(is_linear ? factor : 1));
}

inline constexpr key llama_keys[] = {{"num_hidden_layers", "layers", count, "32"},
                                     {"hidden_size", "width", count, "4096"},
                                     {"num_attention_heads", "heads", heads_of_width, "32"},
                                     {"head_dim", "", width_of_rotated_head},
                                     {"num_key_value_heads", "key_value_heads", key_value_heads},
                                     {"intermediate_size", "hidden", count, "11008"},
                                     {"vocab_size", "vocabulary", count, "32000"},
                                     {"max_position_embeddings", "context", count, "2048"},
                                     {"rope_theta", "theta", base_of_rotations, "10000"},
                                     {"rms_norm_eps", "epsilon", number, "1e-6"},
                                     {"rope_scaling", "position_divisor", position_divisor},
                                     {"tie_word_embeddings", "tied", flag, "false"},
                                     {"attention_bias", "attention_bias", flag, "false"},
                                     {"hidden_act", "", function, "silu"},
                                     {"mlp_bias", "", only, "false"}};

inline void multiple_of_width(model_reader& r, const key& k) {
  r.set(k.member, r.value_of("width") * r.config.count(k.name, whole(k.otherwise)));
}

/// Of lucidrains' PaLM-pytorch, whose logits are not scaled. It has no longest text.
inline constexpr key palm_keys[] = {{"depth", "layers", required_count},
                                    {"dim", "width", required_count},
                                    {"heads", "heads", count, "8"},
                                    {"dim_head", "head_width", even_count, "64"},
                                    {"ff_mult", "hidden", multiple_of_width, "4"},
                                    {"num_tokens", "vocabulary", required_count},
                                    {"", "context", context_as_asked, "2048"},
                                    {"rope_theta", "theta", base_of_rotations, "10000"},
                                    {"layer_norm_eps", "epsilon", number, "1e-5"},
                                    {"", "logit_scale", fixed, "1.0"}};

/// Sinusoids of distances have no longest text.
inline constexpr key gopher_keys[] = {{"n_layer", "layers", count, "8"},
                                      {"d_model", "width", even_count, "512"},
                                      {"n_head", "heads", count, "16"},
                                      {"d_head", "head_width", own_or_shared_width},
                                      {"d_inner", "hidden", count},
                                      {"vocab_size", "vocabulary", count, "32000"},
                                      {"max_position_embeddings", "context", context_as_asked, "2048"},
                                      {"rms_norm_eps", "epsilon", number, "1e-6"},
                                      {"tie_word_embeddings", "tied", flag, "true"},
                                      {"activation_function", "", function, "gelu_new"}};

}  // namespace importing
