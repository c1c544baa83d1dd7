// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/regular_file.hpp>

namespace importing {
namespace tf = typeformer;

/// What the `modules.json` of a folder says, as sentence-transformers writes it: a model, the pooling of its tokens, and
/// whether the vectors are scaled to length 1.
struct sentence_modules {
  std::string transformer;  ///< the folder of config.json and weights, below that of modules.json; empty: the same
  std::string pooling;      ///< the library's layer
  bool has_unit_length = false;

  /// The layers after the body.
  std::string head() const {
    if (pooling.empty()) return {};
    return has_unit_length ? "sentence_embedding<typeformer::" + pooling + ">" : pooling;
  }
};

namespace detail {

/// The layer of a pooling's configuration, which older files give by a flag for each kind, and newer ones by a name.
inline tf::result<std::string, tf::file_error> pooling_of(const std::string& path) {
  constexpr std::pair<std::string_view, std::string_view> kinds[] = {{"mean", "mean_pooling"}, {"cls", "first_token"},
                                                                     {"max", "max_pooling"},   {"mean_sqrt_len", ""},
                                                                     {"weightedmean", ""},     {"lasttoken", ""}};
  const auto config = tf::json_config::open(path);
  if (!config) return tf::failure{config.error()};
  std::string chosen;
  const auto unsupported = [&](const std::string& found) {
    return tf::failure{tf::file_error{path, {}, "the pooling is not supported", "mean, cls or max", found}};
  };
  const auto name = config->text("pooling_mode", "");
  if (!name) return tf::failure{name.error()};
  for (const auto& [kind, layer] : kinds) {
    bool is_chosen = *name == kind;
    for (const std::string_view ending : {"_tokens", "_token", ""}) {
      const auto flag = config->boolean("pooling_mode_" + std::string(kind) + std::string(ending), false);
      if (!flag) return tf::failure{flag.error()};
      is_chosen = is_chosen || *flag;
    }
    if (!is_chosen) continue;
    if (!chosen.empty()) return unsupported("several of them");
    if (layer.empty()) return unsupported(std::string(kind));
    chosen = layer;
  }
  if (chosen.empty()) return unsupported(name->empty() ? "none" : std::string(*name));
  return chosen;
}

}  // namespace detail

/// The modules of a folder; nothing if it has no `modules.json`. Errors: a module other than a transformer, its pooling
/// and a normalization, in this order; a pooling that is not supported.
inline tf::result<std::optional<sentence_modules>, tf::file_error> read_sentence_modules(
    const std::filesystem::path& folder) {
  const std::string path = (folder / "modules.json").string();
  if (!tf::regular_file::exists(path)) return std::optional<sentence_modules>{};
  const auto wrong = [&](const std::string& found) {
    return tf::failure{tf::file_error{
        path, {}, "the modules are not supported", "Transformer, Pooling and, if need be, Normalize", found}};
  };
  const auto json = tf::bytes_of_regular_file(path, tf::largest_json_tree);
  if (!json) return tf::failure{tf::file_error{path, {}, json.error()}};
  const auto config = tf::json_config::parse("{\"modules\":" + *json + "}", path);
  if (!config) return tf::failure{config.error()};
  const auto size = config->size("modules");
  if (!size) return tf::failure{size.error()};
  sentence_modules made;
  constexpr std::string_view expected[] = {"Transformer", "Pooling", "Normalize"};
  for (std::size_t i = 0; i < *size; ++i) {
    const std::string each = "modules." + std::to_string(i) + ".";
    const auto type = config->text(each + "type"), place = config->text(each + "path");
    if (!type) return tf::failure{type.error()};
    if (!place) return tf::failure{place.error()};
    const std::string_view kind = type->substr(type->rfind('.') + 1);
    if (i >= 3 || kind != expected[i]) return wrong(tf::quoted_name(kind));
    if (place->find("..") != place->npos || place->starts_with('/')) return wrong(tf::quoted_name(*place));
    if (i == 0) made.transformer = *place;
    if (i == 2) made.has_unit_length = true;
    if (i != 1) continue;
    auto pooling = detail::pooling_of((folder / *place / "config.json").string());
    if (!pooling) return tf::failure{pooling.error()};
    made.pooling = std::move(*pooling);
  }
  if (made.pooling.empty()) return wrong("no Pooling");
  return std::optional<sentence_modules>{std::move(made)};
}

}  // namespace importing
