// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/gguf_families.hpp>
#include <typeformer/hosted/formats/gguf_rotary_divisors.hpp>
#include <typeformer/hosted/tokenizers/json_quoted.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>

#include "families.hpp"
#include "gguf_keys.hpp"
#include "sentence_modules.hpp"

namespace importing {

/// A flag of `config.json` that a GGUF file tells by a tensor.
struct flag_of_tensor {
  std::string_view key, tensor;
};
inline constexpr flag_of_tensor flags_of_tensors[] = {
    {"attention_bias", "blk.0.attn_q.bias"}, {"attention_bias", "blk.0.attn_qkv.bias"},
    {"mlp_bias", "blk.0.ffn_up.bias"},       {"use_qkv_bias", "blk.0.attn_q.bias"},
    {"use_bias", "blk.0.attn_output.bias"},  {"qk_layernorm", "blk.0.attn_q_norm.weight"},
    {"norm_bias", "output_norm.bias"},
};

/// The layers that pool the vectors of tokens (llama.h, `llama_pooling_type`); empty: none.
inline std::string pooling_of_gguf(const tf::gguf_file& file) {
  const auto architecture = file.metadata().text("general.architecture");
  if (!architecture || !architecture->ends_with("bert")) return {};
  const auto type = file.metadata().integer(std::string(*architecture) + ".pooling_type");
  const auto has_unit_length = file.metadata().boolean(unit_length_key);
  return sentence_modules{.transformer = {},
                          .pooling = type && *type == 1   ? "mean_pooling"
                                     : type && *type == 2 ? "first_token"
                                                          : "",
                          .has_unit_length = !has_unit_length || *has_unit_length}
      .head();
}

/// Writes the `config.json` that a GGUF file's metadata and tensors mean, as far as the importer reads its family.
class gguf_config {
 public:
  /// Errors: an architecture that is none of `gguf_families`; a table of rotary frequencies that is not Llama 3's.
  static tf::result<std::string, tf::file_error> text_of(const tf::gguf_file& file, const std::string& path) {
    const auto architecture = file.metadata().text("general.architecture");
    if (!architecture) return tf::failure{architecture.error()};
    gguf_config made{file, *architecture};
    if (!made.family_ || !made.read_by_)
      return tf::failure{tf::file_error{
          path, {}, "a model of this architecture cannot be imported", "one of gguf_families", *architecture}};
    for (const tf::gguf_entry& entry : file.metadata().entries())
      if (const auto value = entry.value.number(); value && !std::isfinite(*value))
        return tf::failure{tf::file_error{path, {}, "key " + tf::quoted_name(entry.key) + " is not finite"}};
    made.write();
    if (!made.error_.problem.empty()) return tf::failure{made.error_};
    return "{" + made.json_ + "}";
  }

 private:
  gguf_config(const tf::gguf_file& file, std::string_view architecture)
      : file_{file}, metadata_{file.metadata()}, architecture_{architecture} {
    const std::string_view type = model_type();
    family_ = tf::family_of_model_type(type, architecture == "t5encoder" ? "T5EncoderModel" : "");
    for (const std::span<const importing::family> group : groups_of_families)
      for (const importing::family& one : group)
        if (one.model_type == type && one.architectures[0].ends_with("EncoderModel") == (architecture == "t5encoder"))
          read_by_ = &one;
  }

  bool has(std::string_view tensor) const { return file_.find(tensor) != nullptr; }
  std::string full(std::string_view key) const {
    return (key.starts_with('.') ? std::string(architecture_) : std::string{}) + std::string(key);
  }
  std::optional<double> number(std::string_view key) const {
    const auto found = metadata_.number(full(key));
    return found ? std::optional(*found) : std::nullopt;
  }
  std::int64_t count(std::string_view key, std::int64_t otherwise = 0) const {
    const auto found = metadata_.integer(full(key));
    return found && *found > 0 && *found <= largest_count ? *found : otherwise;
  }
  std::int64_t heads() const { return count(".attention.head_count"); }
  std::int64_t head_width() const {
    return count(".attention.key_length", heads() > 0 ? count(".embedding_length") / heads() : 0);
  }

  /// Which of the model types of an architecture it is.
  std::string_view model_type() const {
    if (architecture_ == "llama") return metadata_.find("llama.attention.sliding_window") ? "mistral" : "llama";
    if (architecture_ == "bert") {
      const auto tokenizer = metadata_.text("tokenizer.ggml.model");
      if (!has("token_types.weight")) return "distilbert";
      if (tokenizer && *tokenizer != "none")
        return *tokenizer == "gpt2" ? "roberta" : *tokenizer == "t5" ? "xlm-roberta" : "bert";
      return count("tokenizer.ggml.padding_token_id") == 1 ? "roberta" : "bert";
    }
    if (architecture_ == "t5" || architecture_ == "t5encoder")
      return has("enc.blk.1.attn_rel_b.weight") ? "umt5" : "t5";
    const tf::gguf_family* const family = tf::family_of_architecture(architecture_);
    return family ? family->model_type : std::string_view{};
  }

  /// Whether the importer's family reads this key.
  bool is_read(std::string_view key) const {
    return std::ranges::any_of(read_by_->rows, [&](const row& one) {
      return !one.name.empty() && (one.name == key || std::ranges::count(keys_of(one.name), key) > 0);
    });
  }
  bool is_set(std::string_view key) const { return std::ranges::count(keys_, key) > 0; }
  void set(std::string_view key, const std::string& value) {
    if (is_set(key)) return;
    keys_.emplace_back(key);
    json_ += (json_.empty() ? "" : ",") + tf::json_quoted(key) + ":" + value;
  }
  void set_if_read(std::string_view key, const std::string& value) {
    if (is_read(key)) set(key, value);
  }
  static std::string literal(double value) { return tf::exact_text(static_cast<float>(value)); }
  static std::string literal(std::int64_t value) { return std::to_string(value); }
  static std::string literal(bool value) { return value ? "true" : "false"; }

  void set_row(const tf::gguf_setting& setting) {
    using kind = tf::gguf_setting::kind;
    const std::string_view key = setting.configured[0];
    if (key.empty()) return keys_.emplace_back(key_of_all(setting.key)), void();
    const std::string stored = full(setting.key);
    if (setting.type == kind::count) {
      if (const auto value = metadata_.integer(stored)) set_if_read(key, literal(*value));
    } else if (setting.type == kind::number) {
      if (const auto value = number(setting.key)) set_if_read(key, literal(*value));
    } else if (setting.type == kind::flag) {
      if (const auto value = metadata_.boolean(stored)) set_if_read(key, literal(*value));
    }
  }
  /// What `config.json` calls the number of all families for which a family has a constant.
  static std::string_view key_of_all(std::string_view stored) {
    for (const tf::gguf_setting& setting : tf::gguf_settings_of_all)
      if (setting.key == stored) return setting.configured[0];
    return {};
  }

  void write() {
    set("model_type", tf::json_quoted(family_->model_type));
    const auto* const body = std::ranges::find_if(read_by_->architectures, [&](std::string_view name) {
      return name.ends_with("Model") && !name.ends_with("HeadModel");
    });
    const bool is_body = body != std::end(read_by_->architectures);
    set("architectures", "[" + tf::json_quoted(is_body ? *body : read_by_->architectures[0]) + "]");
    write_special();
    for (const tf::gguf_setting& setting : family_->settings) set_row(setting);
    for (const tf::gguf_setting& setting : tf::gguf_settings_of_all) set_row(setting);
    for (const char* const table : {"token_embd.weight", "token_types.weight"})
      if (const tf::stored_tensor* const found = file_.find(table); found && !found->shape.empty())
        set_if_read(table == std::string_view("token_embd.weight") ? "vocab_size" : "type_vocab_size",
                    literal(found->shape[0]));
    set_if_read("num_key_value_heads", literal(heads()));
    if (!is_body) set_if_read("head_dim", literal(head_width()));
    set_if_read("rope_theta", literal(number(".rope.freq_base").value_or(10'000.0)));
    set_if_read("tie_word_embeddings", literal(!has("output.weight")));
    for (const flag_of_tensor& told : flags_of_tensors)
      if (is_read(told.key) && has(told.tensor)) set(told.key, "true");
    for (const flag_of_tensor& told : flags_of_tensors) set_if_read(told.key, "false");
    write_rotary_scaling();
  }

  /// Numbers that are computed, and the flags of single families.
  void write_special() {
    const std::string_view type = family_->model_type;
    const std::int64_t width = head_width(), rotated = count(".rope.dimension_count", width),
                       keys = count(".attention.head_count_kv", heads()), layers = count(".block_count");
    if (type == "gptj") set("rotary_dim", literal(rotated));
    else if ((family_->rotated_part != 1 || type == "phi3") && width > 0)
      set("partial_rotary_factor", literal((double(rotated) + 0.5) / double(width)));  // rounded down when it is read
    if (type == "gpt_bigcode") set("multi_query", literal(keys == 1));
    if (type == "falcon") {
      const bool has_two_norms = has("blk.0.attn_norm_2.weight"),
                 is_new = has_two_norms || (keys != 1 && keys != heads());
      set("new_decoder_architecture", literal(is_new));
      set("multi_query", literal(is_new || keys == 1));
      set("num_kv_heads", literal(keys));
      if (is_new) set("num_ln_in_parallel_attn", has_two_norms ? "2" : "1");
    }
    if (type == "mpt")
      set("attn_config", "{\"alibi\":" + literal(number(".attention.max_alibi_bias").value_or(0) > 0) +
                             ",\"alibi_bias_max\":" + literal(number(".attention.max_alibi_bias").value_or(8)) +
                             ",\"clip_qkv\":" + literal(number(".attention.clamp_kqv").value_or(0)) + "}");
    // As llama.cpp: the largest models differ.
    if (type == "gemma2" || type == "gemma3_text") {
      const bool is_27b = layers == (type == "gemma2" ? 46 : 62);
      set("query_pre_attn_scalar", literal(is_27b && heads() > 0 ? count(".embedding_length") / heads() : width));
    }
    if (type == "modernbert") {
      set("global_rope_theta", literal(number(".rope.freq_base").value_or(160'000)));
      set("local_rope_theta", literal(number(".rope.freq_base_swa").value_or(10'000)));
      set("global_attn_every_n_layers", literal(count(".attention.sliding_window_pattern", 3)));
    }
    if (family_->body == "roberta") {
      const std::int64_t padding = count("tokenizer.ggml.padding_token_id", 1);
      set("pad_token_id", literal(padding));
      set("max_position_embeddings", literal(count(".context_length") + padding + 1));
    }
    if (type == "phi3" && count(".attention.sliding_window") == 0) set("sliding_window", "null");
    if (architecture_.starts_with("t5"))
      set("feed_forward_proj", has("enc.blk.0.ffn_gate.weight") ? "\"gated-gelu\"" : "\"relu\"");
  }

  void write_rotary_scaling() {
    if (has("rope_freqs.weight")) return write_llama3();
    const auto type = metadata_.text(full(".rope.scaling.type"));
    if (!type || *type == "none") return;
    std::string object = "{\"rope_type\":" + tf::json_quoted(*type);
    constexpr std::pair<std::string_view, std::string_view> numbers[] = {
        {"factor", ".rope.scaling.factor"},
        {"original_max_position_embeddings", ".rope.scaling.original_context_length"},
        {"attention_factor", ".rope.scaling.yarn_attn_factor"},
        {"beta_fast", ".rope.scaling.yarn_beta_fast"},
        {"beta_slow", ".rope.scaling.yarn_beta_slow"}};
    for (const auto& [name, key] : numbers)
      if (const auto value = number(key)) object += "," + tf::json_quoted(name) + ":" + literal(*value);
    set("rope_scaling", object + "}");
  }
  /// Its numbers are not in llama.cpp's files; those of the published models are tried.
  void write_llama3();

  const tf::gguf_file& file_;
  const tf::gguf_metadata& metadata_;
  std::string_view architecture_;
  const tf::gguf_family* family_ = nullptr;
  const importing::family* read_by_ = nullptr;
  std::vector<std::string> keys_;
  std::string json_;
  tf::file_error error_{};
};

inline void gguf_config::write_llama3() {
  const tf::stored_tensor& table = *file_.find("rope_freqs.weight");
  std::vector<float> divisors(table.bytes.empty() ? 0 : table.element_count());
  const std::int64_t pairs = head_width() / 2;
  const auto wrong = [&] {
    error_ = table.error("only the numbers of Llama 3 can be told from a table of rotary frequencies",
                         "low_freq_factor 1, high_freq_factor 4, 8192 tokens", tf::shape_text(table.shape));
  };
  if (std::int64_t(divisors.size()) != pairs || pairs == 0 || !tf::read_floats(table, divisors)) return wrong();
  const double theta = number(".rope.freq_base").value_or(10'000);
  tf::reference::llama3_scaling scaling{divisors.back(), 1, 4, 8192};
  constexpr double largest = 1 << 30;
  if (const auto written = metadata_.numbers(tf::gguf_llama3_scaling_key); written && written->size() == 4) {
    if (!std::ranges::all_of(*written, [&](double each) { return each > 0 && each <= largest; })) return wrong();
    scaling = {(*written)[0], (*written)[1], (*written)[2], (*written)[3]};
  }
  const std::vector<float> expected = tf::gguf_rotary_divisors(head_width(), theta, scaling);
  for (std::size_t pair = 0; pair < divisors.size(); ++pair)
    if (!(std::abs(divisors[pair] - expected[pair]) <= 1e-4F * expected[pair])) return wrong();
  set("rope_scaling", "{\"rope_type\":\"llama3\",\"factor\":" + literal(scaling.factor) +
                          ",\"low_freq_factor\":" + literal(scaling.low_freq_factor) + ",\"high_freq_factor\":" +
                          literal(scaling.high_freq_factor) + ",\"original_max_position_embeddings\":" +
                          literal(static_cast<std::int64_t>(scaling.original_context)) + "}");
}

}  // namespace importing
