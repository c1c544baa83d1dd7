// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/gguf_families.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>

namespace convert {

namespace tf = typeformer;

/// The metadata that llama.cpp reads of a model, from its `config.json`: those that the configuration has, and defaults of
/// its family. The tokenizer is not among them (see `set_gguf_tokenizer`).
class gguf_settings {
 public:
  gguf_settings(const tf::json_config& config, const tf::gguf_family& family, std::string_view name)
      : config_{config}, family_{family} {
    metadata_.set("general.architecture", family.architecture);
    metadata_.set("general.name", name);
    for (const tf::gguf_setting& setting : tf::gguf_settings_of_all) set(setting);
    for (const tf::gguf_setting& setting : family.settings) set(setting);
    set_widths();
    set_heads_of_keys();
    set_rotary_scaling();
    if (family.model_type == "mpt") {
      const auto has_alibi = config.boolean("attn_config.alibi", true);
      const double most = number({"attn_config.alibi_bias_max"}, 8);
      metadata_.set("mpt.attention.max_alibi_bias", has_alibi && *has_alibi ? static_cast<float>(most) : 0.0F);
    }
    if (family.body == "roberta") set_positions_after_padding();
  }
  tf::gguf_metadata_builder take() { return std::move(metadata_); }

  /// The first of the values that the configuration has.
  double number(std::initializer_list<std::string_view> keys, double otherwise) const {
    for (const std::string_view key : keys)
      if (const auto value = config_.number(key)) return *value;
    return otherwise;
  }
  std::int64_t count(std::initializer_list<std::string_view> keys, std::int64_t otherwise = 0) const {
    for (const std::string_view key : keys)
      if (const auto value = config_.integer(key); value && *value > 0 && *value < std::int64_t{1} << 32) return *value;
    return otherwise;
  }
  std::int64_t heads() const { return count({"num_attention_heads", "n_head", "n_heads", "num_heads"}); }
  std::int64_t width() const { return count({"hidden_size", "n_embd", "d_model", "dim", "n_embed"}); }
  std::int64_t head_width() const { return count({"head_dim", "d_kv"}, heads() > 0 ? width() / heads() : 0); }
  /// Of the scaling of rotary positions, empty for none.
  std::string_view rotary_scaling() const {
    for (const char* const key : {"rope_parameters.full_attention.rope_type", "rope_parameters.rope_type",
                                  "rope_scaling.rope_type", "rope_scaling.type"})
      if (const auto type = config_.text(key)) return *type == "default" ? std::string_view{} : *type;
    return {};
  }
  double scaling_number(std::string_view key, double otherwise) const {
    for (const char* const object : {"rope_parameters.full_attention.", "rope_parameters.", "rope_scaling."})
      if (const auto value = config_.number(object + std::string(key))) return *value;
    return otherwise;
  }

 private:
  std::string full(std::string_view key) const {
    return (key.starts_with('.') ? std::string(family_.architecture) : std::string{}) + std::string(key);
  }
  void set_count(std::string_view key, std::int64_t value) {
    if (value >= 0 && value < std::int64_t{1} << 32) metadata_.set(full(key), static_cast<std::uint32_t>(value));
  }

  void set(const tf::gguf_setting& setting) {
    using kind = tf::gguf_setting::kind;
    const std::string key = full(setting.key), otherwise(setting.otherwise);
    for (const std::string_view name : setting.configured) {
      if (setting.type == kind::count) {
        if (const auto value = config_.integer(name)) return set_count(setting.key, *value);
      } else if (setting.type == kind::number) {
        if (const auto value = config_.number(name)) return metadata_.set(key, static_cast<float>(*value));
      } else if (setting.type == kind::flag) {
        if (const auto value = config_.boolean(name)) return metadata_.set(key, *value);
      } else if (const auto value = config_.text(name)) {
        return metadata_.set(key, *value);
      }
    }
    if (otherwise.empty()) return;
    if (setting.type == kind::count) set_count(setting.key, std::strtoll(otherwise.c_str(), nullptr, 10));
    else if (setting.type == kind::number) metadata_.set(key, std::strtof(otherwise.c_str(), nullptr));
    else if (setting.type == kind::flag) metadata_.set(key, otherwise == "true");
    else metadata_.set(key, std::string_view(otherwise));
  }

  /// A number as a count, -1 for one that is none.
  static std::int64_t whole(double number) { return number >= 0 && number < 0x1p32 ? std::int64_t(number) : -1; }

  /// Of the feed-forward, and of the part of a head that is rotated.
  void set_widths() {
    if (!count({"intermediate_size", "n_inner", "d_ff", "hidden_dim", "ffn_hidden_size"}))
      set_count(".feed_forward_length", 4 * width());
    if (!count({"max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "n_ctx"}))
      set_count(".context_length", family_.model_type == "falcon" ? 2048 : family_.body.empty() ? 512 : width());
    const double part =
        number({"partial_rotary_factor", "rope_parameters.partial_rotary_factor", "rotary_pct", "rope_pct"},
               family_.rotated_part);
    const std::int64_t rotated = count({"rotary_dim"}, whole(part * double(head_width())));
    const bool is_rotated = config_.has("rotary_dim") || config_.has("rope_theta") || config_.has("rope_parameters") ||
                            config_.has("rotary_emb_base") || config_.has("partial_rotary_factor");
    if (is_rotated && rotated > 0 && rotated <= head_width()) set_count(".rope.dimension_count", rotated);
  }

  /// Where the configuration says it with flags.
  void set_heads_of_keys() {
    const auto flag = [&](const char* key, bool otherwise) {
      const auto value = config_.boolean(key);
      return value ? *value : otherwise;
    };
    if (family_.model_type == "gpt_bigcode")
      set_count(".attention.head_count_kv", flag("multi_query", true) ? 1 : heads());
    if (family_.model_type != "falcon") return;
    const bool is_new = flag("new_decoder_architecture", false);
    set_count(".attention.head_count_kv", is_new                      ? count({"num_kv_heads", "n_head_kv"}, heads())
                                          : flag("multi_query", true) ? 1
                                                                      : heads());
  }

  void set_rotary_scaling() {
    const std::string_view type = rotary_scaling();
    if (type != "linear" && type != "yarn") return;
    metadata_.set(full(".rope.scaling.type"), type);
    metadata_.set(full(".rope.scaling.factor"), static_cast<float>(scaling_number("factor", 1)));
    if (type == "linear") return;
    set_count(".rope.scaling.original_context_length",
              whole(scaling_number("original_max_position_embeddings", double(count({"max_position_embeddings"})))));
    constexpr std::pair<const char*, const char*> names[] = {{"attention_factor", ".rope.scaling.yarn_attn_factor"},
                                                             {"beta_fast", ".rope.scaling.yarn_beta_fast"},
                                                             {"beta_slow", ".rope.scaling.yarn_beta_slow"}};
    for (const auto& [name, key] : names)
      if (const double value = scaling_number(name, 0); value > 0) metadata_.set(full(key), static_cast<float>(value));
  }

  /// Those of padding and of the tokens before it are not counted.
  void set_positions_after_padding() {
    const std::int64_t rows = count({"max_position_embeddings"});
    const auto padding = config_.integer("pad_token_id", 1);
    if (padding && *padding >= 0 && rows > *padding) set_count(".context_length", rows - 1 - *padding);
  }

  const tf::json_config& config_;
  const tf::gguf_family& family_;
  tf::gguf_metadata_builder metadata_;
};

/// Whether classes have names: there are not just the two that a configuration has if it says nothing.
inline bool names_classes(const tf::json_config& config) {
  const auto labels = config.texts_of("id2label");
  if (labels) return labels->size() != 2 || (*labels)[0].second != "LABEL_0";
  const auto count = config.integer("num_labels", 2);
  return count && *count != 2;
}

/// Adds the names of the classes, in the order of their numbers.
inline void tell_classes(tf::gguf_metadata_builder& metadata, const tf::json_config& config,
                         const tf::gguf_family& family) {
  const auto labels = config.texts_of("id2label");
  const auto type = config.text("architectures.0", "");
  if (!labels || !names_classes(config) || !type || !type->ends_with("ForSequenceClassification")) return;
  std::vector<std::string_view> sorted(labels->size());
  for (std::size_t i = 0; i < sorted.size(); ++i)
    for (const auto& [number, label] : *labels)
      if (number == std::to_string(i)) sorted[i] = label;
  metadata.set(std::string(family.architecture) + ".classifier.output_labels", sorted);
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
