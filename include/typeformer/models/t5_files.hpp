// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <typeformer/parameters/file_names.hpp>

/// The tensor names of Hugging Face's T5ForConditionalGeneration, without and with a gate in the feed-forward.
namespace typeformer {

inline constexpr file_tensor_rule t5_tensors[] = {
    {"shared.weight", file_layout::as_is, {"token_embedding.weight"}},
    {"encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
     file_layout::as_is,
     {"encoder.position_bias.weight"}},
    {"encoder.block.*.layer.0.SelfAttention.q.weight", file_layout::as_is, {"encoder.blocks.*.attention.query.weight"}},
    {"encoder.block.*.layer.0.SelfAttention.k.weight", file_layout::as_is, {"encoder.blocks.*.attention.key.weight"}},
    {"encoder.block.*.layer.0.SelfAttention.v.weight", file_layout::as_is, {"encoder.blocks.*.attention.value.weight"}},
    {"encoder.block.*.layer.0.SelfAttention.o.weight",
     file_layout::as_is,
     {"encoder.blocks.*.attention.output.weight"}},
    {"encoder.block.*.layer.0.layer_norm.weight", file_layout::as_is, {"encoder.blocks.*.attention_norm.weight"}},
    {"encoder.block.*.layer.1.DenseReluDense.wi.weight",
     file_layout::as_is,
     {"encoder.blocks.*.feed_forward.up.weight"}},
    {"encoder.block.*.layer.1.DenseReluDense.wo.weight",
     file_layout::as_is,
     {"encoder.blocks.*.feed_forward.down.weight"}},
    {"encoder.block.*.layer.1.layer_norm.weight", file_layout::as_is, {"encoder.blocks.*.feed_forward_norm.weight"}},
    {"encoder.final_layer_norm.weight", file_layout::as_is, {"encoder.final_norm.weight"}},
    {"decoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
     file_layout::as_is,
     {"decoder.position_bias.weight"}},
    {"decoder.block.*.layer.0.SelfAttention.q.weight", file_layout::as_is, {"decoder.blocks.*.attention.query.weight"}},
    {"decoder.block.*.layer.0.SelfAttention.k.weight", file_layout::as_is, {"decoder.blocks.*.attention.key.weight"}},
    {"decoder.block.*.layer.0.SelfAttention.v.weight", file_layout::as_is, {"decoder.blocks.*.attention.value.weight"}},
    {"decoder.block.*.layer.0.SelfAttention.o.weight",
     file_layout::as_is,
     {"decoder.blocks.*.attention.output.weight"}},
    {"decoder.block.*.layer.0.layer_norm.weight", file_layout::as_is, {"decoder.blocks.*.attention_norm.weight"}},
    {"decoder.block.*.layer.1.EncDecAttention.q.weight",
     file_layout::as_is,
     {"decoder.blocks.*.cross_attention.query.weight"}},
    {"decoder.block.*.layer.1.EncDecAttention.k.weight",
     file_layout::as_is,
     {"decoder.blocks.*.cross_attention.key.weight"}},
    {"decoder.block.*.layer.1.EncDecAttention.v.weight",
     file_layout::as_is,
     {"decoder.blocks.*.cross_attention.value.weight"}},
    {"decoder.block.*.layer.1.EncDecAttention.o.weight",
     file_layout::as_is,
     {"decoder.blocks.*.cross_attention.output.weight"}},
    {"decoder.block.*.layer.1.layer_norm.weight", file_layout::as_is, {"decoder.blocks.*.cross_attention_norm.weight"}},
    {"decoder.block.*.layer.2.DenseReluDense.wi.weight",
     file_layout::as_is,
     {"decoder.blocks.*.feed_forward.up.weight"}},
    {"decoder.block.*.layer.2.DenseReluDense.wo.weight",
     file_layout::as_is,
     {"decoder.blocks.*.feed_forward.down.weight"}},
    {"decoder.block.*.layer.2.layer_norm.weight", file_layout::as_is, {"decoder.blocks.*.feed_forward_norm.weight"}},
    {"decoder.final_layer_norm.weight", file_layout::as_is, {"decoder.final_norm.weight"}},
    where_present({"lm_head.weight", file_layout::as_is, {"decoder.head.weight"}}),
};

/// With a gate the feed-forward has two up projections.
inline constexpr auto gated_t5_tensors = [] {
  std::array<file_tensor_rule, std::size(t5_tensors) + 2> rules{};
  std::size_t count = 0;
  for (file_tensor_rule rule : t5_tensors) {
    const std::string_view leaf = rule.leaves[0];
    if (leaf == "encoder.blocks.*.feed_forward.up.weight") {
      rules[count++] = {"encoder.block.*.layer.1.DenseReluDense.wi_0.weight",
                        file_layout::as_is,
                        {"encoder.blocks.*.feed_forward.gate.weight"}};
      rule.file = "encoder.block.*.layer.1.DenseReluDense.wi_1.weight";
    } else if (leaf == "decoder.blocks.*.feed_forward.up.weight") {
      rules[count++] = {"decoder.block.*.layer.2.DenseReluDense.wi_0.weight",
                        file_layout::as_is,
                        {"decoder.blocks.*.feed_forward.gate.weight"}};
      rule.file = "decoder.block.*.layer.2.DenseReluDense.wi_1.weight";
    }
    rules[count++] = rule;
  }
  return rules;
}();

}  // namespace typeformer
