// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/hosted/formats/gguf_family.hpp>

/// llama.cpp's names for the tensors of decoders (gguf-py, tensor_mapping.py).
namespace typeformer::detail {

/// Llama's, which most families have.
inline constexpr gguf_name_rule names_of_layers[] = {
    {"token_embd", ".embed_tokens"},
    {"output_norm", ".norm"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", ".layers.*.input_layernorm"},
    {"blk.*.attn_q", ".layers.*.self_attn.q_proj", gguf_change::rotates_adjacently},
    {"blk.*.attn_k", ".layers.*.self_attn.k_proj", gguf_change::rotates_keys_adjacently},
    {"blk.*.attn_v", ".layers.*.self_attn.v_proj"},
    {"blk.*.attn_output", ".layers.*.self_attn.o_proj"},
    {"blk.*.attn_q_norm", ".layers.*.self_attn.q_norm"},
    {"blk.*.attn_k_norm", ".layers.*.self_attn.k_norm"},
    {"blk.*.ffn_norm", ".layers.*.post_attention_layernorm"},
    {"blk.*.ffn_gate", ".layers.*.mlp.gate_proj"},
    {"blk.*.ffn_up", ".layers.*.mlp.up_proj"},
    {"blk.*.ffn_down", ".layers.*.mlp.down_proj"},
};
// Before these, where a family differs:
inline constexpr gguf_name_rule names_of_four_norms[] = {
    {"blk.*.post_attention_norm", ".layers.*.post_attention_layernorm"},
    {"blk.*.ffn_norm", ".layers.*.pre_feedforward_layernorm"},
    {"blk.*.post_ffw_norm", ".layers.*.post_feedforward_layernorm"},
};
inline constexpr gguf_name_rule names_of_norms_of_heads[] = {
    {"blk.*.attn_q_norm", ".layers.*.self_attn.q_layernorm.norms.#"},
    {"blk.*.attn_k_norm", ".layers.*.self_attn.k_layernorm.norms.#"},
};
// GLM and Phi-2 were published with a fused projection, and converted so, before Hugging Face had them.
inline constexpr gguf_name_rule names_of_phi2[] = {
    {"blk.*.attn_qkv", ".layers.*.self_attn.?_proj", gguf_change::none, gguf_rule_use::never},
    {"output_norm", ".final_layernorm"},
    {"blk.*.attn_output", ".layers.*.self_attn.dense"},
    {"blk.*.ffn_up", ".layers.*.mlp.fc1"},
    {"blk.*.ffn_down", ".layers.*.mlp.fc2"},
};
inline constexpr gguf_name_rule names_of_fused_layers[] = {
    {"blk.*.attn_qkv", ".layers.*.self_attn.qkv_proj"},
    {"blk.*.ffn_up", ".layers.*.mlp.gate_up_proj"},
};
inline constexpr gguf_name_rule names_of_glm[] = {
    {"blk.*.attn_qkv", ".layers.*.self_attn.?_proj", gguf_change::none, gguf_rule_use::never},
    {"blk.*.ffn_up", ".layers.*.mlp.gate_up_proj"},
};
inline constexpr gguf_name_rule names_of_starcoder2[] = {
    {"blk.*.ffn_up", ".layers.*.mlp.c_fc"},
    {"blk.*.ffn_down", ".layers.*.mlp.c_proj"},
};

inline constexpr gguf_name_rule names_of_transposed_matrices[] = {
    {"blk.*.attn_qkv", ".h.*.attn.c_attn", gguf_change::transposed},
    {"blk.*.attn_output", ".h.*.attn.c_proj", gguf_change::transposed},
    {"blk.*.ffn_up", ".h.*.mlp.c_fc", gguf_change::transposed},
    {"blk.*.ffn_down", ".h.*.mlp.c_proj", gguf_change::transposed},
};
inline constexpr gguf_name_rule names_of_gpt2[] = {
    {"token_embd", ".wte"},
    {"position_embd", ".wpe"},
    {"output_norm", ".ln_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", ".h.*.ln_1"},
    {"blk.*.attn_qkv", ".h.*.attn.c_attn"},
    {"blk.*.attn_output", ".h.*.attn.c_proj"},
    {"blk.*.ffn_norm", ".h.*.ln_2"},
    {"blk.*.ffn_up", ".h.*.mlp.c_fc"},
    {"blk.*.ffn_down", ".h.*.mlp.c_proj"},
};
inline constexpr gguf_name_rule names_of_gptj[] = {
    {"token_embd", ".wte"},
    {"output_norm", ".ln_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", ".h.*.ln_1"},
    {"blk.*.attn_q", ".h.*.attn.q_proj"},
    {"blk.*.attn_k", ".h.*.attn.k_proj"},
    {"blk.*.attn_v", ".h.*.attn.v_proj"},
    {"blk.*.attn_output", ".h.*.attn.out_proj"},
    {"blk.*.ffn_up", ".h.*.mlp.fc_in"},
    {"blk.*.ffn_down", ".h.*.mlp.fc_out"},
};
inline constexpr gguf_name_rule names_of_gpt_neox[] = {
    {"token_embd", ".embed_in"},
    {"output_norm", ".final_layer_norm"},
    {"output", "embed_out"},
    {"blk.*.attn_norm", ".layers.*.input_layernorm"},
    {"blk.*.attn_qkv", ".layers.*.attention.query_key_value", gguf_change::part_by_part},
    {"blk.*.attn_output", ".layers.*.attention.dense"},
    {"blk.*.ffn_norm", ".layers.*.post_attention_layernorm"},
    {"blk.*.ffn_up", ".layers.*.mlp.dense_h_to_4h"},
    {"blk.*.ffn_down", ".layers.*.mlp.dense_4h_to_h"},
};
/// Those that BLOOM's and Falcon's have in common.
inline constexpr gguf_name_rule names_of_word_embeddings[] = {
    {"token_embd", ".word_embeddings"},
    {"output_norm", ".ln_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", ".h.*.input_layernorm"},
    {"blk.*.attn_qkv", ".h.*.self_attention.query_key_value", gguf_change::part_by_part},
    {"blk.*.attn_output", ".h.*.self_attention.dense"},
    {"blk.*.ffn_up", ".h.*.mlp.dense_h_to_4h"},
    {"blk.*.ffn_down", ".h.*.mlp.dense_4h_to_h"},
};
inline constexpr gguf_name_rule names_of_bloom[] = {
    {"token_embd_norm", ".word_embeddings_layernorm"},
    {"blk.*.ffn_norm", ".h.*.post_attention_layernorm"},
};
inline constexpr gguf_name_rule names_of_falcon_with_two_norms[] = {
    {"blk.*.attn_norm_2", ".h.*.ln_attn"},
    {"blk.*.attn_norm", ".h.*.ln_mlp", gguf_change::none, gguf_rule_use::with_second_norm},
};
inline constexpr gguf_name_rule names_of_mpt[] = {
    {"token_embd", ".wte"},
    {"output_norm", ".norm_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", ".blocks.*.norm_1"},
    {"blk.*.attn_qkv", ".blocks.*.attn.Wqkv"},
    {"blk.*.attn_output", ".blocks.*.attn.out_proj"},
    {"blk.*.ffn_norm", ".blocks.*.norm_2"},
    {"blk.*.ffn_up", ".blocks.*.ffn.up_proj"},
    {"blk.*.ffn_down", ".blocks.*.ffn.down_proj"},
};

}  // namespace typeformer::detail
