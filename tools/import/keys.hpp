// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

#include "values.hpp"

namespace importing {

/// Keys of config.json with the same meaning. A value counts under any of them; different values are an error. A dot
/// leads into an object.
struct meaning {
  std::string_view name;  ///< of the member in the presets' configurations, if it is one
  value_kind kind;
  std::string_view keys[5];
};

/// Keys whose meaning depends on the family are not here, such as GPT's `afn`, whose "gelu" is another function than
/// that of `hidden_act`.
inline constexpr meaning meanings[] = {
    {"layers", count, {"num_hidden_layers", "n_layer", "num_layers", "depth"}},
    {"decoder_layers", count, {"num_decoder_layers"}},
    {"groups", count, {"num_hidden_groups"}},
    {"layers_in_group", count, {"inner_group_num"}},
    {"width", count, {"hidden_size", "n_embd", "d_model", "dim"}},
    {"embedding_width", count, {"embedding_size"}},
    {"heads", count, {"num_attention_heads", "n_head", "num_heads", "heads"}},
    {"key_value_heads", count, {"num_key_value_heads", "num_kv_heads"}},
    {"head_width", count, {"head_dim", "d_kv", "d_head", "dim_head"}},
    {"hidden", count, {"intermediate_size", "n_inner", "d_ff", "d_inner"}},
    {"widths_of_hidden", count, {"ff_mult"}},
    {"vocabulary", count, {"vocab_size", "n_vocab", "num_tokens"}},
    {"context", count, {"max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length"}},
    {"window", count, {"window_size", "gpt3_attention.window_size"}},
    {"segments", count, {"type_vocab_size"}},
    {"padding_id", special, {"pad_token_id"}},
    {"buckets", count, {"relative_attention_num_buckets"}},
    {"maximum_distance", count, {"relative_attention_max_distance"}},
    {"theta", number_above_0, {"rope_theta", "rope_parameters.rope_theta", "rope_scaling.rope_theta"}},
    {"scaling",
     special,
     {"rope_scaling.rope_type", "rope_scaling.type", "rope_parameters.rope_type", "rope_parameters.type"}},
    {"position_divisor", number, {"rope_scaling.factor", "rope_parameters.factor"}},
    {"epsilon", number, {"layer_norm_eps", "layer_norm_epsilon", "rms_norm_eps"}},
    {"logit_scale", number, {"logit_scale"}},
    {"scales_scores", flag, {"scale_attn_weights"}},
    {"scores_over_layer_number", flag, {"scale_attn_by_inverse_layer_idx"}},
    {"attention_bias", flag, {"attention_bias"}},
    {"tied", flag, {"tie_word_embeddings"}},
    {"activation", special, {"hidden_act", "activation_function"}},
    {"type of numbers", without_effect, {"torch_dtype", "dtype"}},
    {"dropout of attention", without_effect, {"attn_pdrop", "attention_dropout", "attention_probs_dropout_prob"}},
    {"dropout of branches", without_effect, {"resid_pdrop", "resid_dropout", "hidden_dropout_prob", "hidden_dropout"}},
    {"dropout of embeddings", without_effect, {"embd_pdrop", "embed_dropout"}},
};

constexpr const meaning* meaning_of(std::string_view name) {
  const auto* const found = std::ranges::find(meanings, name, &meaning::name);
  return found == std::end(meanings) ? nullptr : found;
}

/// All spellings of a meaning. The name of none is a key itself.
inline std::vector<std::string_view> keys_of(std::string_view name) {
  const meaning* const found = meaning_of(name);
  if (found == nullptr) return {name};
  return {found->keys, std::ranges::find(found->keys, std::string_view{})};
}

}  // namespace importing
