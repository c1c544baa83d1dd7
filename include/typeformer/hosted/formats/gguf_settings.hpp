// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/hosted/formats/gguf_family.hpp>

/// The numbers of models that llama.cpp reads from metadata (gguf-py, constants.py), beside those that are computed.
namespace typeformer {

/// Of all families, as far as a configuration has them.
inline constexpr gguf_setting gguf_settings_of_all[] = {
    {".context_length",
     gguf_setting::kind::count,
     {"max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx"}},
    {".embedding_length", gguf_setting::kind::count, {"hidden_size", "n_embd", "d_model", "dim", "n_embed"}},
    {".block_count", gguf_setting::kind::count, {"num_hidden_layers", "n_layer", "n_layers", "num_layers"}},
    {".feed_forward_length",
     gguf_setting::kind::count,
     {"intermediate_size", "n_inner", "d_ff", "hidden_dim", "ffn_hidden_size"}},
    {".attention.head_count", gguf_setting::kind::count, {"num_attention_heads", "n_head", "n_heads", "num_heads"}},
    {".attention.head_count_kv", gguf_setting::kind::count, {"num_key_value_heads", "attn_config.kv_n_heads"}},
    {".attention.key_length", gguf_setting::kind::count, {"head_dim", "d_kv"}},
    {".attention.value_length", gguf_setting::kind::count, {"head_dim", "d_kv"}},
    {".attention.layer_norm_rms_epsilon", gguf_setting::kind::number, {"rms_norm_eps"}},
    {".attention.layer_norm_epsilon",
     gguf_setting::kind::number,
     {"layer_norm_eps", "layer_norm_epsilon", "norm_epsilon", "norm_eps"}},
    {".rope.freq_base",
     gguf_setting::kind::number,
     {"rope_theta", "rope_parameters.rope_theta", "rope_parameters.full_attention.rope_theta", "global_rope_theta",
      "rotary_emb_base"}},
    {".rope.freq_base_swa",
     gguf_setting::kind::number,
     {"rope_local_base_freq", "local_rope_theta", "rope_parameters.sliding_attention.rope_theta"}},
    {".vocab_size", gguf_setting::kind::count, {"vocab_size"}},
};

namespace detail {

inline constexpr gguf_setting settings_of_windows[] = {
    {".attention.sliding_window", gguf_setting::kind::count, {"sliding_window"}},
};
inline constexpr gguf_setting settings_of_phi3[] = {
    {".attention.sliding_window", gguf_setting::kind::count, {"sliding_window"}, "0"},
    {".rope.scaling.original_context_length", gguf_setting::kind::count, {"original_max_position_embeddings"}},
};
inline constexpr gguf_setting settings_of_gemma2[] = {
    {".attention.sliding_window", gguf_setting::kind::count, {"sliding_window"}},
    {".attn_logit_softcapping", gguf_setting::kind::number, {"attn_logit_softcapping"}},
    {".final_logit_softcapping", gguf_setting::kind::number, {"final_logit_softcapping"}},
};
inline constexpr gguf_setting settings_of_gemma3[] = {
    {".attention.sliding_window", gguf_setting::kind::count, {"sliding_window"}},
    {".final_logit_softcapping", gguf_setting::kind::number, {"final_logit_softcapping"}},
};
inline constexpr gguf_setting settings_of_olmo[] = {
    {".attention.layer_norm_epsilon", gguf_setting::kind::number, {}, "1e-5"},
    {".attention.clamp_kqv", gguf_setting::kind::number, {"clip_qkv"}},
};
inline constexpr gguf_setting settings_of_granite[] = {
    {".attention.scale", gguf_setting::kind::number, {"attention_multiplier"}},
    {".embedding_scale", gguf_setting::kind::number, {"embedding_multiplier"}},
    {".residual_scale", gguf_setting::kind::number, {"residual_multiplier"}},
    {".logit_scale", gguf_setting::kind::number, {"logits_scaling"}},
};
inline constexpr gguf_setting settings_of_stablelm[] = {
    {".use_parallel_residual", gguf_setting::kind::flag, {"use_parallel_residual"}, "false"},
};
inline constexpr gguf_setting settings_of_gpt_neox[] = {
    {".use_parallel_residual", gguf_setting::kind::flag, {"use_parallel_residual"}, "true"},
};
inline constexpr gguf_setting settings_of_nemotron[] = {
    {".rope.scaling.type", gguf_setting::kind::text, {}, "none"},
};
inline constexpr gguf_setting settings_of_cohere[] = {
    {".logit_scale", gguf_setting::kind::number, {"logit_scale"}, "0.0625"},
    {".rope.scaling.type", gguf_setting::kind::text, {}, "none"},
};
inline constexpr gguf_setting settings_of_falcon[] = {
    {".tensor_data_layout", gguf_setting::kind::text, {}, "jploski"},
};
inline constexpr gguf_setting settings_of_mpt[] = {
    {".attention.layer_norm_epsilon", gguf_setting::kind::number, {"layer_norm_epsilon"}, "1e-5"},
    {".attention.clamp_kqv", gguf_setting::kind::number, {"attn_config.clip_qkv"}},
};
inline constexpr gguf_setting settings_of_t5[] = {
    {".attention.layer_norm_rms_epsilon", gguf_setting::kind::number, {"layer_norm_epsilon"}},
    {".attention.relative_buckets_count", gguf_setting::kind::count, {"relative_attention_num_buckets"}, "32"},
    {".decoder_block_count", gguf_setting::kind::count, {"num_decoder_layers", "num_layers"}},
    {".decoder_start_token_id", gguf_setting::kind::count, {"decoder_start_token_id"}},
};
inline constexpr gguf_setting settings_of_bert[] = {
    {".attention.causal", gguf_setting::kind::flag, {}, "false"},
    {"tokenizer.ggml.token_type_count", gguf_setting::kind::count, {"type_vocab_size"}, "2"},
    {"tokenizer.ggml.padding_token_id", gguf_setting::kind::count, {"pad_token_id"}},
};
inline constexpr gguf_setting settings_of_roberta[] = {
    {".attention.causal", gguf_setting::kind::flag, {}, "false"},
    {"tokenizer.ggml.token_type_count", gguf_setting::kind::count, {"type_vocab_size"}, "2"},
    {"tokenizer.ggml.padding_token_id", gguf_setting::kind::count, {"pad_token_id"}, "1"},
};
inline constexpr gguf_setting settings_of_distilbert[] = {
    {".attention.causal", gguf_setting::kind::flag, {}, "false"},
    {".attention.layer_norm_epsilon", gguf_setting::kind::number, {}, "1e-12"},
    {"tokenizer.ggml.token_type_count", gguf_setting::kind::count, {}, "1"},
    {"tokenizer.ggml.padding_token_id", gguf_setting::kind::count, {"pad_token_id"}},
};
inline constexpr gguf_setting settings_of_modernbert[] = {
    {".attention.causal", gguf_setting::kind::flag, {}, "false"},
    {".attention.sliding_window", gguf_setting::kind::count, {"local_attention"}, "128"},
    {".attention.sliding_window_pattern", gguf_setting::kind::count, {"global_attn_every_n_layers"}, "3"},
    {".rope.scaling.type", gguf_setting::kind::text, {}, "none"},
    {"tokenizer.ggml.padding_token_id", gguf_setting::kind::count, {"pad_token_id"}},
};

}  // namespace detail
}  // namespace typeformer
