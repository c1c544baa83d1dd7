// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/gguf_rotary_divisors.hpp>
#include <typeformer/hosted/formats/gguf_writer.hpp>
#include <typeformer/hosted/formats/safetensors_writer.hpp>
#include <typeformer/hosted/tokenizers/set_gguf_tokenizer.hpp>

#include "../import/gguf_keys.hpp"
#include "../import/sentence_modules.hpp"
#include "../model_files/opened_model.hpp"
#include "../model_files/progress.hpp"
#include "gguf_settings.hpp"
#include "output_tensors.hpp"

namespace convert {

struct conversion_request {
  std::string from, to;
  std::optional<tf::tensor_dtype> type;
  tf::rotary_order pairs = tf::rotary_order::half_split;
};

inline std::optional<output_format> output_format_of(const std::string& path) {
  if (path.ends_with(".safetensors")) return output_format::safetensors;
  if (path.ends_with(".gguf")) return output_format::gguf;
  if (path.ends_with(".npz")) return output_format::npz;
  return std::nullopt;
}

using outputs = std::vector<output_tensor>;

inline output_tensor unchanged(const tf::stored_tensor& tensor) {
  return {{std::string(tensor.name), {tensor.shape.begin(), tensor.shape.end()}, {tensor}}};
}

/// How llama.cpp pools the vectors of tokens (llama.h, `llama_pooling_type`), if a folder of sentence-transformers says it.
inline void tell_pooling(tf::gguf_metadata_builder& metadata, const std::string& folder,
                         const tf::gguf_family& family) {
  if (!model_files::is_folder(folder)) return;
  const auto modules = importing::read_sentence_modules(folder);
  if (!modules || !*modules) return;
  const std::uint32_t type = (*modules)->pooling == "mean_pooling" ? 1 : (*modules)->pooling == "first_token" ? 2 : 0;
  if (type == 0) return;
  metadata.set(std::string(family.architecture) + ".pooling_type", type);
  if (!(*modules)->has_unit_length) metadata.set(importing::unit_length_key, false);
}

/// The folder, or the file's folder.
inline std::string folder_of(const std::string& from) {
  const std::filesystem::path parent = std::filesystem::path(from).parent_path();
  return model_files::is_folder(from) ? from : parent.empty() ? "." : parent.string();
}

/// What llama.cpp's keys do not say.
inline void tell_configuration(tf::gguf_metadata_builder& metadata, const std::string& from) {
  using entry = std::pair<const char*, const char*>;
  for (const auto& [key, name] :
       {entry{importing::config_key, "config.json"}, {importing::generation_config_key, "generation_config.json"}})
    if (const auto text = tf::bytes_of_regular_file(folder_of(from) + "/" + name, tf::largest_json_tree))
      metadata.set(key, std::string_view(*text));
}

/// A model is not less for a tokenizer that cannot be written: that is said, and the file has none.
inline void tell_tokenizer(tf::gguf_metadata_builder& metadata, const std::string& from,
                           const tf::json_config& config) {
  const std::string folder = folder_of(from);
  constexpr std::int64_t most_tokens = 1 << 24;
  const auto size = config.integer("vocab_size", 0);
  const auto form = tf::set_gguf_tokenizer(
      metadata, folder, size && *size > 0 && *size < most_tokens ? static_cast<std::int32_t>(*size) : 0);
  if (!form) std::printf("left out: the tokenizer: %s\n", tf::printable(form.error().message()).c_str());
  else if (*form == tf::gguf_tokenizer_form::json)
    std::printf("the tokenizer is kept as a whole tokenizer.json, which llama.cpp does not read\n");
  else if (*form == tf::gguf_tokenizer_form::keys_and_json)
    std::printf("the tokenizer is kept as a whole tokenizer.json, too: llama.cpp's keys do not say all of it\n");
}

/// The tensors of a model, and what else a GGUF file of it has.
struct gguf_model {
  outputs tensors;
  tf::gguf_metadata_builder metadata;
  std::vector<float> rotary_divisors{};  ///< that a tensor views
};

/// Adds what llama.cpp divides the frequencies of rotary positions by, for the scaling of Llama 3.
inline void add_rotary_divisors(gguf_model& model, const gguf_settings& settings) {
  constexpr std::int64_t widest = 1 << 16;
  const std::int64_t width = settings.head_width();
  if (settings.rotary_scaling() != "llama3" || width < 2 || width > widest) return;
  const double theta = settings.number(
      {"rope_theta", "rope_parameters.rope_theta", "rope_parameters.full_attention.rope_theta"}, 10'000);
  const tf::reference::llama3_scaling scaling{settings.scaling_number("factor", 8),
                                              settings.scaling_number("low_freq_factor", 1),
                                              settings.scaling_number("high_freq_factor", 4),
                                              settings.scaling_number("original_max_position_embeddings", 8192)};
  model.rotary_divisors = tf::gguf_rotary_divisors(width, theta, scaling);
  output_tensor& added = model.tensors.emplace_back();
  added.of = {"rope_freqs.weight", {std::int64_t(model.rotary_divisors.size())}, {}};
  added.of.parts.push_back({{},
                            "rope_freqs.weight",
                            tf::tensor_dtype::f32,
                            added.of.shape,
                            std::as_bytes(std::span(model.rotary_divisors))});
}

/// Metadata, names and orders of a GGUF file from a model that is none. Without `config.json` the names stay.
///
/// Errors: a model type, or a tensor, that llama.cpp has no name for; a key of `config.json` for what it does not compute.
inline tf::result<gguf_model, tf::file_error> become_gguf(std::span<const tf::stored_tensor> tensors,
                                                          const model_files::opened_model& model,
                                                          const conversion_request& request) {
  gguf_model made;
  if (!model.config) {
    for (const tf::stored_tensor& tensor : tensors) made.tensors.push_back(unchanged(tensor));
    return made;
  }
  const tf::json_config& config = *model.config;
  const auto model_type = config.text("model_type"), class_name = config.text("architectures.0", "");
  if (!model_type) return tf::failure{model_type.error()};
  const tf::gguf_family* const family = tf::family_of_model_type(*model_type, class_name ? *class_name : "");
  if (!family)
    return tf::failure{tf::file_error{
        request.from, {}, "llama.cpp has no name for this model_type", "one of gguf_families", *model_type}};

  if (config.has("gpt3_attention"))
    return tf::failure{tf::file_error{request.from, {}, "llama.cpp has no word for a key", {}, "gpt3_attention"}};

  const std::filesystem::path whole = std::filesystem::absolute(request.from).lexically_normal();
  gguf_settings settings{config, *family, (whole.has_filename() ? whole : whole.parent_path()).stem().string()};
  made.metadata = settings.take();
  if (family->rotates_adjacently) add_rotary_divisors(made, settings);
  tell_classes(made.metadata, config, *family);
  tell_pooling(made.metadata, request.from, *family);
  tell_configuration(made.metadata, request.from);
  tell_tokenizer(made.metadata, request.from, config);

  const auto entries = made.metadata.entries();
  tf::gguf_facts facts = tf::facts_of({request.to, entries}, family->architecture);
  facts.names_classes = names_classes(config);
  const tf::gguf_names translator{*family, facts, request.pairs};
  const auto is_tied = config.boolean("tie_word_embeddings", true);
  std::vector<tf::stored_tensor> kept;
  for (const tf::stored_tensor& tensor : tensors) {
    const bool is_own_head = tensor.name.starts_with("lm_head.") && is_tied && !*is_tied;
    if (is_own_head || !translator.leaves_out(tensor.name)) kept.push_back(tensor);
    else std::printf("left out, as llama.cpp does: %s\n", tf::printable(tensor.name).c_str());
  }
  auto renamed = tf::gguf_outputs(kept, translator, family->architecture);
  if (!renamed) return tf::failure{renamed.error()};
  for (tf::gguf_output& output : *renamed) made.tensors.push_back({std::move(output)});
  return tf::result<gguf_model, tf::file_error>(std::move(made));
}

inline tf::result<void, tf::file_error> write_outputs(const std::string& path, output_format format,
                                                      const outputs& tensors,
                                                      const tf::gguf_metadata_builder& metadata) {
  std::vector<tf::described_tensor> list;
  for (const output_tensor& tensor : tensors)
    list.push_back({tensor.of.name, tensor.dtype, tensor.of.shape, tensor.size});
  model_files::progress shown{"written", tensors.size()};
  const auto next_bytes = [&](std::size_t i) {
    shown.step();
    return bytes_of(tensors[i]);
  };
  const auto write_tensor = [&](std::size_t i, tf::published_file& file) -> tf::result<void, tf::file_error> {
    const auto bytes = next_bytes(i);
    if (!bytes) return tf::failure{bytes.error()};
    return file.write(bytes->data(), bytes->size());
  };
  if (format == output_format::npz) return tf::write_npz(path, list, next_bytes);
  if (format == output_format::gguf) return tf::write_gguf(path, list, metadata.entries(), write_tensor);
  const std::pair<std::string_view, std::string_view> format_text{"format", "pt"};
  return tf::write_safetensors(path, list, {&format_text, 1}, write_tensor);
}

/// Converts a model, and returns the types of the tensors that are written.
///
/// Errors: the input cannot be read, the output cannot hold it, a number that the type cannot hold, and whatever prevents
/// writing; then the output is as it was.
inline tf::result<std::vector<tf::tensor_dtype>, tf::file_error> convert_model(const conversion_request& request,
                                                                               output_format format) {
  const auto model = model_files::open_model(request.from, tf::gguf_contents::everything, request.pairs);
  if (!model) return tf::failure{model.error()};
  const bool keeps_names = model->gguf && format == output_format::gguf;
  const std::span<const tf::stored_tensor> tensors =
      keeps_names ? model->gguf->tensors() : model->checkpoint->tensors();
  gguf_model made;
  if (format == output_format::gguf && !keeps_names) {
    auto became = become_gguf(tensors, *model, request);
    if (!became) return tf::failure{became.error()};
    made = std::move(*became);
  } else {
    for (const tf::stored_tensor& tensor : tensors) made.tensors.push_back(unchanged(tensor));
    if (keeps_names) made.metadata.set_all(model->gguf->metadata().entries());
  }
  if (request.type && format == output_format::gguf) tell_type(made.metadata, *request.type);
  for (output_tensor& tensor : made.tensors) {
    tensor.dtype = output_dtype(tensor, format, request.type, format == output_format::gguf && !keeps_names);
    const auto size = tf::bytes_of_shape(tensor.dtype, tensor.of.shape);
    if (!size)
      return tf::failure{tensor.source().error("the shape has no size in bytes", std::string(tf::name_of(tensor.dtype)),
                                               tf::shape_text(tensor.of.shape))};
    tensor.size = *size;
  }
  if (auto written = write_outputs(request.to, format, made.tensors, made.metadata); !written)
    return tf::failure{written.error()};
  std::vector<tf::tensor_dtype> types;
  for (const output_tensor& tensor : made.tensors) types.push_back(tensor.dtype);
  return types;
}

}  // namespace convert
