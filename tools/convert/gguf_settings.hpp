// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <typeformer/hosted/formats/gguf_families.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>

namespace convert {

namespace tf = typeformer;

/// The metadata that llama.cpp reads of a model, from its `config.json`: those that the configuration has. A tokenizer is
/// not among them.
inline tf::gguf_metadata_builder gguf_settings(const tf::json_config& config, const tf::gguf_family& family,
                                               std::string_view name) {
  tf::gguf_metadata_builder metadata;
  const std::string architecture(family.architecture);
  metadata.set("general.architecture", family.architecture);
  metadata.set("general.name", name);
  const auto count = [&](const char* key, std::initializer_list<const char*> names, std::int64_t times = 1) {
    for (const char* const each : names)
      if (const auto number = config.integer(each); number && *number >= 0 && *number <= 0xffffffff / times) {
        metadata.set(architecture + key, static_cast<std::uint32_t>(*number * times));
        return true;
      }
    return false;
  };
  const auto number = [&](const char* key, std::initializer_list<const char*> names) {
    for (const char* const each : names)
      if (const auto value = config.number(each)) {
        metadata.set(architecture + key, static_cast<float>(*value));
        return;
      }
  };
  count(".context_length", {"max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx"});
  count(".embedding_length", {"hidden_size", "n_embd", "d_model"});
  count(".block_count", {"num_hidden_layers", "n_layer", "n_layers", "num_layers"});
  if (!count(".feed_forward_length", {"intermediate_size", "n_inner", "d_ff", "ffn_dim"}))
    count(".feed_forward_length", {"n_embd", "hidden_size", "d_model"}, 4);
  count(".attention.head_count", {"num_attention_heads", "n_head", "n_heads", "num_heads"});
  count(".attention.head_count_kv", {"num_key_value_heads"});
  count(".attention.key_length", {"head_dim", "d_kv"});
  count(".attention.value_length", {"head_dim", "d_kv"});
  count(".attention.sliding_window", {"sliding_window"});
  number(".attention.layer_norm_rms_epsilon", {"rms_norm_eps"});
  number(".attention.layer_norm_epsilon", {"layer_norm_eps", "layer_norm_epsilon", "norm_eps"});
  number(".rope.freq_base", {"rope_theta", "rope_parameters.rope_theta", "rotary_emb_base"});
  count(".vocab_size", {"vocab_size"});
  return metadata;
}

/// Says of what type most tensors are (llama.h, `llama_ftype`).
inline void tell_type(tf::gguf_metadata_builder& metadata, tf::tensor_dtype type) {
  const std::uint32_t number = type == tf::tensor_dtype::f16    ? 1
                               : type == tf::tensor_dtype::q4_0 ? 2
                               : type == tf::tensor_dtype::q4_1 ? 3
                               : type == tf::tensor_dtype::q8_0 ? 7
                               : type == tf::tensor_dtype::q5_0 ? 8
                               : type == tf::tensor_dtype::q5_1 ? 9
                               : type == tf::tensor_dtype::bf16 ? 32
                                                                : 0;
  metadata.set("general.file_type", number);
  if (tf::block_of(type).elements > 1) metadata.set("general.quantization_version", std::uint32_t{2});
}

}  // namespace convert
