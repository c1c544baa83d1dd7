// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/text/number_text.hpp>

namespace model_files {

namespace tf = typeformer;

/// A file or folder with tensors: as the file stores them, and by Hugging Face's names.
struct opened_model {
  std::string format;
  std::optional<tf::gguf_file> gguf;         ///< its tensors have GGUF's names
  std::optional<tf::model_file> checkpoint;  ///< none: the tensors of the GGUF file cannot be renamed, or have no data
  std::optional<tf::json_config> config;

  std::span<const tf::stored_tensor> tensors() const { return gguf ? gguf->tensors() : checkpoint->tensors(); }
};

/// What to look at of a GGUF file.
using tf::gguf_contents;

inline bool is_folder(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_directory(path, ignored);
}

inline std::string format_of(const std::string& path) {
  if (!tf::model_file::gguf_path(path).empty()) return "GGUF";
  if (path.ends_with(".bin")) return "llama2.c";
  return "safetensors";
}

/// The configuration of a folder, or of a file's folder; none if there is no `config.json`.
inline tf::result<std::optional<tf::json_config>, tf::file_error> config_beside(const std::string& path) {
  const std::filesystem::path folder =
      is_folder(path) ? std::filesystem::path(path) : std::filesystem::path(path).parent_path();
  const std::string config = (folder / "config.json").string();
  if (!tf::regular_file::exists(config)) return std::optional<tf::json_config>{};
  auto opened = tf::json_config::open(config);
  if (!opened) return tf::failure{opened.error()};
  return std::optional<tf::json_config>{std::move(*opened)};
}

/// Errors: those of `model_file::open` and `gguf_file::open`.
inline tf::result<opened_model, tf::file_error> open_model(const std::string& path, gguf_contents contents,
                                                           tf::rotary_order pairs = tf::rotary_order::half_split) {
  opened_model model;
  model.format = format_of(path);
  if (const std::string gguf = tf::model_file::gguf_path(path); !gguf.empty()) {
    auto file = tf::gguf_file::open(gguf, contents);
    if (!file) return tf::failure{file.error()};
    model.gguf = std::move(*file);
  }
  auto config = config_beside(path);
  if (!config) return tf::failure{config.error()};
  model.config = std::move(*config);
  if (contents == gguf_contents::everything || !model.gguf) {
    const auto model_type = model.config ? model.config->text("model_type", "") : std::string_view{};
    const tf::gguf_family* const family = model_type ? tf::family_of_model_type(*model_type) : nullptr;
    auto checkpoint = tf::model_file::open(path, pairs, family ? family->body : std::string_view{});
    if (!checkpoint) return tf::failure{checkpoint.error()};
    model.checkpoint = std::move(*checkpoint);
  }
  return tf::result<opened_model, tf::file_error>(std::move(model));
}

}  // namespace model_files
