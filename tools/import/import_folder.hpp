// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <filesystem>
#include <string>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/text/regular_file.hpp>

#include "header_text.hpp"
#include "imported_model.hpp"
#include "read_model.hpp"
#include "sentence_modules.hpp"

namespace importing {

/// A model of a folder, and the folder of its weights, which modules.json may place below.
struct imported_folder {
  imported_model model;
  std::filesystem::path weights;
};

/// Errors, as a sentence: there is no config.json; those of `read_sentence_modules` and `read_model`.
inline tf::result<imported_folder, std::string> import_folder(const std::filesystem::path& folder,
                                                              import_request request) {
  std::filesystem::path weights = folder;
  auto modules = read_sentence_modules(folder);
  if (!modules) return tf::failure{modules.error().message()};
  if (*modules) {
    request.head = (*modules)->head();
    if (!(*modules)->transformer.empty()) weights /= (*modules)->transformer;
  }
  const std::filesystem::path config = weights / "config.json";
  if (!std::filesystem::is_regular_file(config)) return tf::failure{config.string() + ": there is no such file"};
  const auto json = tf::bytes_of_regular_file(config.string(), tf::largest_json_tree);
  if (!json) return tf::failure{config.string() + ": " + json.error()};
  auto model = read_model(*json, config.string(), request);
  if (!model) return tf::failure{model.error().message()};
  return imported_folder{std::move(*model), std::move(weights)};
}

}  // namespace importing
