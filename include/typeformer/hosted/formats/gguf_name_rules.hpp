// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <iterator>
#include <span>
#include <string_view>

namespace typeformer {

/// What llama.cpp's converter changes in a tensor besides its name.
enum class gguf_change : std::uint8_t {
  none,
  transposed,          ///< Conv1D's matrix [inputs][outputs] is stored as [outputs][inputs]
  rotates_adjacently,  ///< rows of a projection of queries that rotate half-split pairs are stored as adjacent pairs
  rotates_keys_adjacently,
  part_by_part  ///< queries, keys and values head by head are stored one part after the other
};

/// Names without their ending `.weight` or `.bias`; `*` stands for the number of the block.
struct gguf_name_rule {
  std::string_view stored, read;  ///< in GGUF and in Hugging Face's files
  gguf_change change = gguf_change::none;
  bool is_for_gated = false;  ///< only for files whose feed-forward has a gate
};

/// An architecture as llama.cpp calls it.
struct gguf_family {
  std::string_view architecture, model_type;  ///< the latter as `config.json` says
  std::span<const gguf_name_rule> first, rest;
  bool rotates_adjacently = false;  ///< q_proj and k_proj are stored so (see `gguf_change`)
  float added_to_norms = 0;         ///< to the weights of all norms
};

namespace detail {

inline constexpr gguf_name_rule names_of_model_layers[] = {
    {"token_embd", "model.embed_tokens"},
    {"output_norm", "model.norm"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", "model.layers.*.input_layernorm"},
    {"blk.*.attn_q", "model.layers.*.self_attn.q_proj", gguf_change::rotates_adjacently},
    {"blk.*.attn_k", "model.layers.*.self_attn.k_proj", gguf_change::rotates_keys_adjacently},
    {"blk.*.attn_v", "model.layers.*.self_attn.v_proj"},
    {"blk.*.attn_output", "model.layers.*.self_attn.o_proj"},
    {"blk.*.attn_q_norm", "model.layers.*.self_attn.q_norm"},
    {"blk.*.attn_k_norm", "model.layers.*.self_attn.k_norm"},
    {"blk.*.ffn_norm", "model.layers.*.post_attention_layernorm"},
    {"blk.*.ffn_gate", "model.layers.*.mlp.gate_proj"},
    {"blk.*.ffn_up", "model.layers.*.mlp.up_proj"},
    {"blk.*.ffn_down", "model.layers.*.mlp.down_proj"},
};
inline constexpr gguf_name_rule names_of_four_norms[] = {
    {"blk.*.post_attention_norm", "model.layers.*.post_attention_layernorm"},
    {"blk.*.ffn_norm", "model.layers.*.pre_feedforward_layernorm"},
    {"blk.*.post_ffw_norm", "model.layers.*.post_feedforward_layernorm"},
};
inline constexpr gguf_name_rule names_of_phi2[] = {
    {"output_norm", "model.final_layernorm"},
    {"blk.*.attn_output", "model.layers.*.self_attn.dense"},
    {"blk.*.ffn_up", "model.layers.*.mlp.fc1"},
    {"blk.*.ffn_down", "model.layers.*.mlp.fc2"},
};
inline constexpr gguf_name_rule names_of_phi3[] = {
    {"blk.*.attn_qkv", "model.layers.*.self_attn.qkv_proj"},
    {"blk.*.ffn_up", "model.layers.*.mlp.gate_up_proj"},
};
inline constexpr gguf_name_rule names_of_starcoder2[] = {
    {"blk.*.ffn_up", "model.layers.*.mlp.c_fc"},
    {"blk.*.ffn_down", "model.layers.*.mlp.c_proj"},
};
inline constexpr gguf_name_rule names_of_gpt2_matrices[] = {
    {"blk.*.attn_qkv", "transformer.h.*.attn.c_attn", gguf_change::transposed},
    {"blk.*.attn_output", "transformer.h.*.attn.c_proj", gguf_change::transposed},
    {"blk.*.ffn_up", "transformer.h.*.mlp.c_fc", gguf_change::transposed},
    {"blk.*.ffn_down", "transformer.h.*.mlp.c_proj", gguf_change::transposed},
};
inline constexpr gguf_name_rule names_of_gpt2[] = {
    {"token_embd", "transformer.wte"},
    {"position_embd", "transformer.wpe"},
    {"output_norm", "transformer.ln_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", "transformer.h.*.ln_1"},
    {"blk.*.attn_qkv", "transformer.h.*.attn.c_attn"},
    {"blk.*.attn_output", "transformer.h.*.attn.c_proj"},
    {"blk.*.ffn_norm", "transformer.h.*.ln_2"},
    {"blk.*.ffn_up", "transformer.h.*.mlp.c_fc"},
    {"blk.*.ffn_down", "transformer.h.*.mlp.c_proj"},
};
inline constexpr gguf_name_rule names_of_gpt_neox[] = {
    {"token_embd", "gpt_neox.embed_in"},
    {"output_norm", "gpt_neox.final_layer_norm"},
    {"output", "embed_out"},
    {"blk.*.attn_norm", "gpt_neox.layers.*.input_layernorm"},
    {"blk.*.attn_qkv", "gpt_neox.layers.*.attention.query_key_value", gguf_change::part_by_part},
    {"blk.*.attn_output", "gpt_neox.layers.*.attention.dense"},
    {"blk.*.ffn_norm", "gpt_neox.layers.*.post_attention_layernorm"},
    {"blk.*.ffn_up", "gpt_neox.layers.*.mlp.dense_h_to_4h"},
    {"blk.*.ffn_down", "gpt_neox.layers.*.mlp.dense_4h_to_h"},
};
inline constexpr gguf_name_rule names_of_bloom[] = {
    {"token_embd", "transformer.word_embeddings"},
    {"token_embd_norm", "transformer.word_embeddings_layernorm"},
    {"output_norm", "transformer.ln_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", "transformer.h.*.input_layernorm"},
    {"blk.*.attn_qkv", "transformer.h.*.self_attention.query_key_value", gguf_change::part_by_part},
    {"blk.*.attn_output", "transformer.h.*.self_attention.dense"},
    {"blk.*.ffn_norm", "transformer.h.*.post_attention_layernorm"},
    {"blk.*.ffn_up", "transformer.h.*.mlp.dense_h_to_4h"},
    {"blk.*.ffn_down", "transformer.h.*.mlp.dense_4h_to_h"},
};
inline constexpr gguf_name_rule names_of_mpt[] = {
    {"token_embd", "transformer.wte"},
    {"output_norm", "transformer.norm_f"},
    {"output", "lm_head"},
    {"blk.*.attn_norm", "transformer.blocks.*.norm_1"},
    {"blk.*.attn_qkv", "transformer.blocks.*.attn.Wqkv"},
    {"blk.*.attn_output", "transformer.blocks.*.attn.out_proj"},
    {"blk.*.ffn_norm", "transformer.blocks.*.norm_2"},
    {"blk.*.ffn_up", "transformer.blocks.*.ffn.up_proj"},
    {"blk.*.ffn_down", "transformer.blocks.*.ffn.down_proj"},
};
inline constexpr gguf_name_rule names_of_bert[] = {
    {"token_embd", "bert.embeddings.word_embeddings"},
    {"position_embd", "bert.embeddings.position_embeddings"},
    {"token_types", "bert.embeddings.token_type_embeddings"},
    {"token_embd_norm", "bert.embeddings.LayerNorm"},
    {"blk.*.attn_q", "bert.encoder.layer.*.attention.self.query"},
    {"blk.*.attn_k", "bert.encoder.layer.*.attention.self.key"},
    {"blk.*.attn_v", "bert.encoder.layer.*.attention.self.value"},
    {"blk.*.attn_output", "bert.encoder.layer.*.attention.output.dense"},
    {"blk.*.attn_output_norm", "bert.encoder.layer.*.attention.output.LayerNorm"},
    {"blk.*.ffn_up", "bert.encoder.layer.*.intermediate.dense"},
    {"blk.*.ffn_down", "bert.encoder.layer.*.output.dense"},
    {"blk.*.layer_output_norm", "bert.encoder.layer.*.output.LayerNorm"},
};
inline constexpr gguf_name_rule names_of_t5[] = {
    {"token_embd", "shared"},
    {"output", "lm_head"},
    {"enc.output_norm", "encoder.final_layer_norm"},
    {"dec.output_norm", "decoder.final_layer_norm"},
    {"enc.blk.*.attn_rel_b", "encoder.block.*.layer.0.SelfAttention.relative_attention_bias"},
    {"enc.blk.*.attn_norm", "encoder.block.*.layer.0.layer_norm"},
    {"enc.blk.*.attn_q", "encoder.block.*.layer.0.SelfAttention.q"},
    {"enc.blk.*.attn_k", "encoder.block.*.layer.0.SelfAttention.k"},
    {"enc.blk.*.attn_v", "encoder.block.*.layer.0.SelfAttention.v"},
    {"enc.blk.*.attn_o", "encoder.block.*.layer.0.SelfAttention.o"},
    {"enc.blk.*.ffn_norm", "encoder.block.*.layer.1.layer_norm"},
    {"enc.blk.*.ffn_gate", "encoder.block.*.layer.1.DenseReluDense.wi_0"},
    {"enc.blk.*.ffn_up", "encoder.block.*.layer.1.DenseReluDense.wi_1", gguf_change::none, true},
    {"enc.blk.*.ffn_up", "encoder.block.*.layer.1.DenseReluDense.wi"},
    {"enc.blk.*.ffn_down", "encoder.block.*.layer.1.DenseReluDense.wo"},
    {"dec.blk.*.attn_rel_b", "decoder.block.*.layer.0.SelfAttention.relative_attention_bias"},
    {"dec.blk.*.attn_norm", "decoder.block.*.layer.0.layer_norm"},
    {"dec.blk.*.attn_q", "decoder.block.*.layer.0.SelfAttention.q"},
    {"dec.blk.*.attn_k", "decoder.block.*.layer.0.SelfAttention.k"},
    {"dec.blk.*.attn_v", "decoder.block.*.layer.0.SelfAttention.v"},
    {"dec.blk.*.attn_o", "decoder.block.*.layer.0.SelfAttention.o"},
    {"dec.blk.*.cross_attn_norm", "decoder.block.*.layer.1.layer_norm"},
    {"dec.blk.*.cross_attn_q", "decoder.block.*.layer.1.EncDecAttention.q"},
    {"dec.blk.*.cross_attn_k", "decoder.block.*.layer.1.EncDecAttention.k"},
    {"dec.blk.*.cross_attn_v", "decoder.block.*.layer.1.EncDecAttention.v"},
    {"dec.blk.*.cross_attn_o", "decoder.block.*.layer.1.EncDecAttention.o"},
    {"dec.blk.*.ffn_norm", "decoder.block.*.layer.2.layer_norm"},
    {"dec.blk.*.ffn_gate", "decoder.block.*.layer.2.DenseReluDense.wi_0"},
    {"dec.blk.*.ffn_up", "decoder.block.*.layer.2.DenseReluDense.wi_1", gguf_change::none, true},
    {"dec.blk.*.ffn_up", "decoder.block.*.layer.2.DenseReluDense.wi"},
    {"dec.blk.*.ffn_down", "decoder.block.*.layer.2.DenseReluDense.wo"},
};

}  // namespace detail
}  // namespace typeformer
