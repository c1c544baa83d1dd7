// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <filesystem>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/tokenizers/only_gguf_file.hpp>
#include <typeformer/text/regular_file.hpp>

#include "gguf_config.hpp"
#include "header_text.hpp"
#include "imported_model.hpp"
#include "read_model.hpp"
#include "sentence_modules.hpp"

namespace importing {

/// A model, and the folder or file of its weights; modules.json may place the folder below.
struct imported_folder {
  imported_model model;
  std::filesystem::path weights;
};

/// The model of a GGUF file, from the `config.json` that it keeps, or else from its metadata and tensors. Of an encoder it
/// has the body. Errors, as a sentence: those of `gguf_file::open`, `gguf_config::text_of` and `read_model`.
inline tf::result<imported_folder, std::string> import_gguf(const std::filesystem::path& path, import_request request) {
  const auto file = tf::gguf_file::open(path.string());
  if (!file) return tf::failure{file.error().message()};
  const auto kept = file->metadata().text(config_key);
  const auto json =
      kept ? tf::result<std::string, tf::file_error>(std::string(*kept)) : gguf_config::text_of(*file, path.string());
  if (!json) return tf::failure{json.error().message()};
  request.head = pooling_of_gguf(*file);
  request.has_pooler = false;
  auto model = read_model(*json, path.string(), request);
  if (!model) return tf::failure{model.error().message()};
  return imported_folder{std::move(*model), path};
}

/// The model of a folder, or of a `.gguf` file, such as `model.gguf` or the only one of a folder without config.json.
///
/// Errors, as a sentence: there is no config.json; those of `read_sentence_modules`, `read_model` and `import_gguf`.
inline tf::result<imported_folder, std::string> import_folder(const std::filesystem::path& folder,
                                                              import_request request) {
  if (folder.extension() == ".gguf") return import_gguf(folder, request);
  std::filesystem::path weights = folder;
  auto modules = read_sentence_modules(folder);
  if (!modules) return tf::failure{modules.error().message()};
  if (*modules) {
    request.head = (*modules)->head();
    if (!(*modules)->transformer.empty()) weights /= (*modules)->transformer;
  }
  const std::filesystem::path config = weights / "config.json";
  std::filesystem::path gguf = weights / "model.gguf";
  if (!std::filesystem::is_regular_file(gguf)) gguf = tf::only_gguf_file(weights.string());
  const bool has_config = std::filesystem::is_regular_file(config);
  if (!has_config && !gguf.empty()) return import_gguf(gguf, request);
  if (!has_config) return tf::failure{config.string() + ": there is no such file, nor a single .gguf file"};
  const auto json = tf::bytes_of_regular_file(config.string(), tf::largest_json_tree);
  if (!json) return tf::failure{config.string() + ": " + json.error()};
  auto model = read_model(*json, config.string(), request);
  if (!model) return tf::failure{model.error().message()};
  return imported_folder{std::move(*model), std::move(weights)};
}

}  // namespace importing
