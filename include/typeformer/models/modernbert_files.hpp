// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/parameters/file_names.hpp>

namespace typeformer {

/// The tensor names of Hugging Face's ModernBERT. The first block, which has no norm before its attention, is number 0;
/// the others are counted from 1.
inline constexpr file_tensor_rule modernbert_tensors[] = {
    {.file = "model.embeddings.tok_embeddings.", .leaves = {"token_embedding."}},
    {.file = "model.embeddings.norm.", .leaves = {"embedding_norm."}},
    {.file = "model.layers.0.attn.Wqkv.weight",
     .leaves = {"first.blocks.0.attention.query.weight", "first.blocks.0.attention.key.weight",
                "first.blocks.0.attention.value.weight"}},
    where_present({.file = "model.layers.0.attn.Wqkv.bias",
                   .leaves = {"first.blocks.0.attention.query.bias", "first.blocks.0.attention.key.bias",
                              "first.blocks.0.attention.value.bias"}}),
    {.file = "model.layers.0.attn.Wo.weight", .leaves = {"first.blocks.0.attention.output.weight"}},
    where_present({.file = "model.layers.0.attn.Wo.bias", .leaves = {"first.blocks.0.attention.output.bias"}}),
    {.file = "model.layers.0.mlp_norm.weight", .leaves = {"first.blocks.0.feed_forward_norm.weight"}},
    where_present({.file = "model.layers.0.mlp_norm.bias", .leaves = {"first.blocks.0.feed_forward_norm.bias"}}),
    {.file = "model.layers.0.mlp.Wi.weight",
     .leaves = {"first.blocks.0.feed_forward.gate.weight", "first.blocks.0.feed_forward.up.weight"}},
    where_present({.file = "model.layers.0.mlp.Wi.bias",
                   .leaves = {"first.blocks.0.feed_forward.gate.bias", "first.blocks.0.feed_forward.up.bias"}}),
    {.file = "model.layers.0.mlp.Wo.weight", .leaves = {"first.blocks.0.feed_forward.down.weight"}},
    where_present({.file = "model.layers.0.mlp.Wo.bias", .leaves = {"first.blocks.0.feed_forward.down.bias"}}),
    where_present({.file = "model.layers.*.attn_norm.", .leaves = {"blocks.*.attention_norm."}}),
    where_present({.file = "model.layers.*.attn.Wqkv.weight",
                   .leaves = {"blocks.*.attention.query.weight", "blocks.*.attention.key.weight",
                              "blocks.*.attention.value.weight"}}),
    where_present(
        {.file = "model.layers.*.attn.Wqkv.bias",
         .leaves = {"blocks.*.attention.query.bias", "blocks.*.attention.key.bias", "blocks.*.attention.value.bias"}}),
    where_present({.file = "model.layers.*.attn.Wo.", .leaves = {"blocks.*.attention.output."}}),
    where_present({.file = "model.layers.*.mlp_norm.", .leaves = {"blocks.*.feed_forward_norm."}}),
    where_present({.file = "model.layers.*.mlp.Wi.weight",
                   .leaves = {"blocks.*.feed_forward.gate.weight", "blocks.*.feed_forward.up.weight"}}),
    where_present({.file = "model.layers.*.mlp.Wi.bias",
                   .leaves = {"blocks.*.feed_forward.gate.bias", "blocks.*.feed_forward.up.bias"}}),
    where_present({.file = "model.layers.*.mlp.Wo.", .leaves = {"blocks.*.feed_forward.down."}}),
    {.file = "model.final_norm.", .leaves = {"final_norm."}},
    where_present({.file = "head.dense.", .leaves = {"masked_lm.dense."}}),
    where_present({.file = "head.norm.", .leaves = {"masked_lm.norm."}}),
    where_present({.file = "decoder.bias", .leaves = {"masked_lm.bias"}}),
    where_present({.file = "decoder.weight", .leaves = {"masked_lm.head.weight"}}),
    where_present({.file = "head.", .leaves = {"transform."}}),
    where_present({.file = "classifier.", .leaves = {"qa_outputs."}}),
};

}  // namespace typeformer
