// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/hosted/formats/gguf_family.hpp>

/// llama.cpp's names for the tensors of models with an encoder (gguf-py, tensor_mapping.py).
namespace typeformer::detail {

inline constexpr gguf_name_rule names_of_bert_head[] = {
    {"cls", "classifier", gguf_change::none, gguf_rule_use::with_unnamed_classes},
    {"cls.output", "classifier"},
};
inline constexpr gguf_name_rule names_of_roberta_head[] = {
    {"position_embd", ".embeddings.position_embeddings", gguf_change::without_padding_rows},
    {"cls", "classifier.dense"},
    {"cls.output", "classifier.out_proj"},
};
inline constexpr gguf_name_rule names_of_bert[] = {
    {"token_embd", ".embeddings.word_embeddings"},
    {"position_embd", ".embeddings.position_embeddings"},
    {"token_types", ".embeddings.token_type_embeddings"},
    {"token_embd_norm", ".embeddings.LayerNorm"},
    {"blk.*.attn_q", ".encoder.layer.*.attention.self.query"},
    {"blk.*.attn_k", ".encoder.layer.*.attention.self.key"},
    {"blk.*.attn_v", ".encoder.layer.*.attention.self.value"},
    {"blk.*.attn_output", ".encoder.layer.*.attention.output.dense"},
    {"blk.*.attn_output_norm", ".encoder.layer.*.attention.output.LayerNorm"},
    {"blk.*.ffn_up", ".encoder.layer.*.intermediate.dense"},
    {"blk.*.ffn_down", ".encoder.layer.*.output.dense"},
    {"blk.*.layer_output_norm", ".encoder.layer.*.output.LayerNorm"},
};
inline constexpr gguf_name_rule names_of_distilbert[] = {
    {"token_embd", ".embeddings.word_embeddings"},
    {"position_embd", ".embeddings.position_embeddings"},
    {"token_embd_norm", ".embeddings.LayerNorm"},
    {"blk.*.attn_q", ".transformer.layer.*.attention.q_lin"},
    {"blk.*.attn_k", ".transformer.layer.*.attention.k_lin"},
    {"blk.*.attn_v", ".transformer.layer.*.attention.v_lin"},
    {"blk.*.attn_output", ".transformer.layer.*.attention.out_lin"},
    {"blk.*.attn_output_norm", ".transformer.layer.*.sa_layer_norm"},
    {"blk.*.ffn_up", ".transformer.layer.*.ffn.lin1"},
    {"blk.*.ffn_down", ".transformer.layer.*.ffn.lin2"},
    {"blk.*.layer_output_norm", ".transformer.layer.*.output_layer_norm"},
    {"cls", "pre_classifier"},
    {"cls.output", "classifier"},
};
inline constexpr gguf_name_rule names_of_modernbert[] = {
    {"token_embd", ".embeddings.tok_embeddings"},
    {"token_embd_norm", ".embeddings.norm"},
    {"output_norm", ".final_norm"},
    {"blk.*.attn_norm", ".layers.*.attn_norm"},
    {"blk.*.attn_qkv", ".layers.*.attn.Wqkv"},
    {"blk.*.attn_output", ".layers.*.attn.Wo"},
    {"blk.*.ffn_norm", ".layers.*.mlp_norm"},
    {"blk.*.ffn_up", ".layers.*.mlp.Wi"},
    {"blk.*.ffn_down", ".layers.*.mlp.Wo"},
    {"cls", "head.dense"},
    {"cls.norm", "head.norm"},
    {"cls.output", "classifier"},
};
inline constexpr gguf_name_rule names_of_t5[] = {
    {"token_embd", "shared"},
    {"token_embd", "encoder.embed_tokens"},
    {"token_embd", "decoder.embed_tokens"},
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
    {"enc.blk.*.ffn_up", "encoder.block.*.layer.1.DenseReluDense.wi_1", gguf_change::none, gguf_rule_use::with_gate},
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
    {"dec.blk.*.cross_attn_rel_b", "decoder.block.*.layer.1.EncDecAttention.relative_attention_bias"},
    {"dec.blk.*.ffn_norm", "decoder.block.*.layer.2.layer_norm"},
    {"dec.blk.*.ffn_gate", "decoder.block.*.layer.2.DenseReluDense.wi_0"},
    {"dec.blk.*.ffn_up", "decoder.block.*.layer.2.DenseReluDense.wi_1", gguf_change::none, gguf_rule_use::with_gate},
    {"dec.blk.*.ffn_up", "decoder.block.*.layer.2.DenseReluDense.wi"},
    {"dec.blk.*.ffn_down", "decoder.block.*.layer.2.DenseReluDense.wo"},
};

/// Heads of masked tokens, and BERT's pooler.
inline constexpr std::string_view unused_of_bert[] = {"cls.", ".pooler."},
                                  unused_of_roberta[] = {"lm_head.", ".pooler."}, unused_of_distilbert[] = {"vocab_"},
                                  unused_of_modernbert[] = {"decoder."};

}  // namespace typeformer::detail
