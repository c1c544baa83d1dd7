// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace importing {

/// Keys of config.json with the same meaning, one meaning per line. A value counts under any of its spellings;
/// different values are an error. A dot leads into an object.
///
/// Keys whose meaning depends on the family are not here, such as GPT's `afn`, whose "gelu" is another function than
/// that of `hidden_act`.
inline constexpr std::string_view spellings[][4] = {
    {"hidden_size", "n_embd", "d_model", "dim"},
    {"num_hidden_layers", "n_layer", "num_layers", "depth"},
    {"num_attention_heads", "n_head", "num_heads", "heads"},
    {"num_key_value_heads", "num_kv_heads"},
    {"head_dim", "d_kv", "d_head", "dim_head"},
    {"intermediate_size", "n_inner", "d_ff", "d_inner"},
    {"vocab_size", "n_vocab", "num_tokens"},
    {"max_position_embeddings", "n_positions", "n_ctx", "max_sequence_length"},
    {"hidden_act", "activation_function"},
    {"layer_norm_eps", "layer_norm_epsilon"},
    {"rope_theta", "rope_parameters.rope_theta", "rope_scaling.rope_theta"},
    {"rope_scaling.rope_type", "rope_scaling.type", "rope_parameters.rope_type", "rope_parameters.type"},
    {"rope_scaling.factor", "rope_parameters.factor"},
    {"torch_dtype", "dtype"},
    {"attn_pdrop", "attention_dropout", "attention_probs_dropout_prob"},
    {"resid_pdrop", "resid_dropout", "hidden_dropout_prob", "hidden_dropout"},
    {"embd_pdrop", "embed_dropout"},
};

/// All spellings of a key, itself first.
inline std::vector<std::string_view> spellings_of(std::string_view key) {
  std::vector<std::string_view> all{key};
  for (const auto& line : spellings)
    if (std::ranges::find(line, key) != std::end(line))
      for (const std::string_view word : line)
        if (word != key && !word.empty()) all.push_back(word);
  return all;
}

}  // namespace importing
