// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <string_view>

#include <typeformer/models/encoder_names.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/value_of_place.hpp>

/// The tensor names that Hugging Face's BART, mBART, PEGASUS, Marian and Whisper have in common.
namespace typeformer {

namespace detail {

/// The layers of both stacks.
inline constexpr file_tensor_rule stacks_of_bart[] = {
    {"model.encoder.layers.*.self_attn.q_proj.", file_layout::as_is, {"encoder.blocks.*.attention.query."}},
    {"model.encoder.layers.*.self_attn.k_proj.", file_layout::as_is, {"encoder.blocks.*.attention.key."}},
    {"model.encoder.layers.*.self_attn.v_proj.", file_layout::as_is, {"encoder.blocks.*.attention.value."}},
    {"model.encoder.layers.*.self_attn.out_proj.", file_layout::as_is, {"encoder.blocks.*.attention.output."}},
    {"model.encoder.layers.*.self_attn_layer_norm.", file_layout::as_is, {"encoder.blocks.*.attention_norm."}},
    {"model.encoder.layers.*.fc1.", file_layout::as_is, {"encoder.blocks.*.feed_forward.up."}},
    {"model.encoder.layers.*.fc2.", file_layout::as_is, {"encoder.blocks.*.feed_forward.down."}},
    {"model.encoder.layers.*.final_layer_norm.", file_layout::as_is, {"encoder.blocks.*.feed_forward_norm."}},
    where_present({"model.encoder.layer_norm.", file_layout::as_is, {"encoder.final_norm."}}),
    {"model.decoder.layers.*.self_attn.q_proj.", file_layout::as_is, {"decoder.blocks.*.attention.query."}},
    {"model.decoder.layers.*.self_attn.k_proj.", file_layout::as_is, {"decoder.blocks.*.attention.key."}},
    {"model.decoder.layers.*.self_attn.v_proj.", file_layout::as_is, {"decoder.blocks.*.attention.value."}},
    {"model.decoder.layers.*.self_attn.out_proj.", file_layout::as_is, {"decoder.blocks.*.attention.output."}},
    {"model.decoder.layers.*.self_attn_layer_norm.", file_layout::as_is, {"decoder.blocks.*.attention_norm."}},
    {"model.decoder.layers.*.encoder_attn.q_proj.", file_layout::as_is, {"decoder.blocks.*.cross_attention.query."}},
    {"model.decoder.layers.*.encoder_attn.k_proj.", file_layout::as_is, {"decoder.blocks.*.cross_attention.key."}},
    {"model.decoder.layers.*.encoder_attn.v_proj.", file_layout::as_is, {"decoder.blocks.*.cross_attention.value."}},
    {"model.decoder.layers.*.encoder_attn.out_proj.", file_layout::as_is, {"decoder.blocks.*.cross_attention.output."}},
    {"model.decoder.layers.*.encoder_attn_layer_norm.", file_layout::as_is, {"decoder.blocks.*.cross_attention_norm."}},
    {"model.decoder.layers.*.fc1.", file_layout::as_is, {"decoder.blocks.*.feed_forward.up."}},
    {"model.decoder.layers.*.fc2.", file_layout::as_is, {"decoder.blocks.*.feed_forward.down."}},
    {"model.decoder.layers.*.final_layer_norm.", file_layout::as_is, {"decoder.blocks.*.feed_forward_norm."}},
    where_present({"model.decoder.layer_norm.", file_layout::as_is, {"decoder.final_norm."}}),
};

/// What stands before and after the stacks of a BART, mBART, PEGASUS or Marian. No file need have the bias of logits.
template <index_type Vocabulary> struct ends_of_bart {
  static constexpr file_tensor_rule rules[] = {
      where_present({"model.shared.weight", file_layout::as_is, {"token_embedding.weight"}}),
      where_present({"model.encoder.embed_tokens.weight", file_layout::as_is, {"encoder.token_embedding.weight"}}),
      where_present({"model.decoder.embed_tokens.weight", file_layout::as_is, {"decoder.token_embedding.weight"}}),
      where_present(
          {"model.encoder.embed_positions.weight", file_layout::as_is, {"encoder.position_embedding.weight"}}),
      where_present(
          {"model.decoder.embed_positions.weight", file_layout::as_is, {"decoder.position_embedding.weight"}}),
      where_present({"model.encoder.layernorm_embedding.", file_layout::as_is, {"encoder.embedding_norm."}}),
      where_present({"model.decoder.layernorm_embedding.", file_layout::as_is, {"decoder.embedding_norm."}}),
      where_present({"lm_head.weight", file_layout::as_is, {"decoder.head.weight"}}),
      or_else(in_shape("final_logits_bias", "decoder.head.bias", {1, Vocabulary}), zero_everywhere),
  };
};

/// The same rules, where a file without tables of positions means sinusoids.
template <index_type Width, std::size_t Count>
constexpr std::array<file_tensor_rule, Count> with_sinusoids_otherwise(std::array<file_tensor_rule, Count> rules) {
  for (file_tensor_rule& rule : rules)
    if (std::string_view(rule.leaves[0]).ends_with("position_embedding.weight"))
      rule.otherwise = half_split_sinusoid<Width>;
  return rules;
}

/// The names of a model by such rules, whose stacks share the token table or not, and whose head is the target's table
/// or not. Older files of stacks that do not share it hold a table for both.
template <std::size_t Count>
constexpr file_names bart_file_names(const std::array<file_tensor_rule, Count>& rules, bool shares_table,
                                     bool is_tied) {
  const char* const table = shares_table ? "token_embedding.weight" : "decoder.token_embedding.weight";
  file_names names{rules.data(), int(Count), "model.", {"model.encoder.version", "model.decoder.version"}};
  if (is_tied) names.copy_of_the_table = {"lm_head.weight", table};
  if (shares_table) {
    names.ignored[2] = "model.encoder.embed_tokens.weight";
    names.ignored[3] = "model.decoder.embed_tokens.weight";
    names.older_endings = {
        {{"shared.weight", "encoder.embed_tokens.weight"}, {"shared.weight", "decoder.embed_tokens.weight"}}};
  } else {
    names.ignored[2] = "model.shared.weight";
    names.older_endings = {
        {{"encoder.embed_tokens.weight", "shared.weight"}, {"decoder.embed_tokens.weight", "shared.weight"}}};
  }
  return names;
}

}  // namespace detail

/// The rules of models whose target has so many tokens.
template <index_type Vocabulary>
inline constexpr auto bart_tensors = joined_rules(detail::ends_of_bart<Vocabulary>::rules, detail::stacks_of_bart);
template <index_type Vocabulary, index_type Width>
inline constexpr auto pegasus_tensors = detail::with_sinusoids_otherwise<Width>(bart_tensors<Vocabulary>);

}  // namespace typeformer
