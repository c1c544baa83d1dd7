// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>

#include <typeformer/parameters/file_names.hpp>

/// The tensor names of Hugging Face's T5ForConditionalGeneration, without and with a gate in the feed-forward, and those
/// of UMT5ForConditionalGeneration, whose blocks have a bias each.
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

namespace detail {

/// With a gate the feed-forward has two up projections.
template <std::size_t Count>
constexpr std::array<file_tensor_rule, Count + 2> with_gates(const file_tensor_rule (&plain)[Count]) {
  std::array<file_tensor_rule, Count + 2> rules{};
  std::size_t count = 0;
  for (file_tensor_rule rule : plain) {
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
}

template <std::size_t Count>
constexpr std::array<file_tensor_rule, Count> with_bias_in_each_block(std::array<file_tensor_rule, Count> rules) {
  for (file_tensor_rule& rule : rules) {
    const std::string_view leaf = rule.leaves[0];
    if (leaf == "encoder.position_bias.weight")
      rule = {"encoder.block.*.layer.0.SelfAttention.relative_attention_bias.weight",
              file_layout::as_is,
              {"encoder.blocks.*.position_bias.weight"}};
    else if (leaf == "decoder.position_bias.weight")
      rule = {"decoder.block.*.layer.0.SelfAttention.relative_attention_bias.weight",
              file_layout::as_is,
              {"decoder.blocks.*.position_bias.weight"}};
  }
  return rules;
}

}  // namespace detail

inline constexpr auto gated_t5_tensors = detail::with_gates(t5_tensors);
inline constexpr auto umt5_tensors = detail::with_bias_in_each_block(std::to_array(t5_tensors));
inline constexpr auto gated_umt5_tensors = detail::with_bias_in_each_block(gated_t5_tensors);

namespace detail {
/// The names of a model of this form whose head is the token table, or not.
constexpr file_names t5_file_names(const file_tensor_rule* rules, std::size_t count, bool is_tied) {
  return {
      rules,
      int(count),
      "",
      {"encoder.embed_tokens.weight", "decoder.embed_tokens.weight",
       "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"},
      is_tied ? std::array<const char*, 2>{"lm_head.weight", "token_embedding.weight"} : std::array<const char*, 2>{},
      {{{"shared.weight", "encoder.embed_tokens.weight"}, {"shared.weight", "decoder.embed_tokens.weight"}}}};
}

constexpr bool is_of_t5_encoder(const file_tensor_rule& rule) {
  const std::string_view file = rule.file;
  return file.starts_with("encoder.") || file.starts_with("shared.");
}
template <const auto& Rules>
inline constexpr std::size_t t5_encoder_rule_count = [] {
  std::size_t count = 0;
  for (const file_tensor_rule& rule : Rules) count += is_of_t5_encoder(rule);
  return count;
}();
/// The rules of a model's encoder, which is no part of another model here: its leaves have no "encoder." before them.
template <const auto& Rules>
inline constexpr auto t5_encoder_rules = [] {
  constexpr std::string_view part = "encoder.";
  std::array<file_tensor_rule, t5_encoder_rule_count<Rules>> rules{};
  std::size_t count = 0;
  for (file_tensor_rule rule : Rules) {
    if (!is_of_t5_encoder(rule)) continue;
    if (std::string_view(rule.leaves[0]).starts_with(part)) rule.leaves[0] += part.size();
    rules[count++] = rule;
  }
  return rules;
}();
template <const auto& Rules> constexpr file_names t5_encoder_file_names() {
  return {t5_encoder_rules<Rules>.data(),
          int(t5_encoder_rules<Rules>.size()),
          "",
          {"encoder.embed_tokens.weight"},
          {},
          {{{"shared.weight", "encoder.embed_tokens.weight"}}}};
}

}  // namespace detail

}  // namespace typeformer
