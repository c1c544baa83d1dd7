// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/hosted/tokenizers/only_gguf_file.hpp>
#include <typeformer/text/chat_template.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// A folder's chat template, and the texts of its special tokens, which templates see as `bos_token` and so on.
struct folder_chat {
  chat_template form;
  chat_settings settings;
};

namespace detail {

/// A JSON file of a folder, if it is there.
inline result<std::optional<json_config>, tokenizer_error> optional_json(const std::string& path) {
  if (!regular_file::exists(path)) return std::optional<json_config>{};
  auto opened = json_config::open(path);
  if (!opened) return failure{tokenizer_error{opened.error().message()}};
  return std::optional<json_config>{std::move(*opened)};
}

/// The template of a configuration: a text, or of several with names the one named `default`.
inline std::optional<std::string> template_in(const json_config& config) {
  if (const auto whole = config.text("chat_template")) return std::string(*whole);
  const auto count = config.size("chat_template");
  for (std::size_t i = 0; count && i < *count; ++i) {
    const std::string each = "chat_template." + std::to_string(i);
    const auto name = config.text(each + ".name"), text = config.text(each + ".template");
    if (name && text && *name == "default") return std::string(*text);
  }
  return std::nullopt;
}

inline void add_special_texts(chat_settings& settings, const json_config& config) {
  for (const std::string_view name :
       {"bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"}) {
    bool is_known = false;
    for (const auto& each : settings.texts) is_known = is_known || each.first == name;
    const auto whole = config.text(name), content = config.text(std::string(name) + ".content");
    if (!is_known && (whole || content)) settings.texts.emplace_back(name, whole ? *whole : *content);
  }
}

/// The template of a GGUF file, and the texts of its special tokens.
inline result<std::optional<std::string>, tokenizer_error> template_of_gguf(const std::string& path,
                                                                            chat_settings& settings) {
  const auto file = gguf_file::open(path, gguf_contents::header);
  if (!file) return failure{tokenizer_error{file.error().message()}};
  const gguf_value* const text = file->metadata().find("tokenizer.chat_template");
  if (text == nullptr || !text->text()) return std::optional<std::string>{};
  const auto vocabulary = gguf_vocabulary::read(file->metadata());
  if (!vocabulary) return failure{tokenizer_error{printable(path) + ": " + vocabulary.error().message()}};
  const auto add = [&](std::string_view name, std::int32_t id) {
    for (const auto& known : settings.texts)
      if (known.first == name) return;
    if (id >= 0) settings.texts.emplace_back(name, vocabulary->tokens[static_cast<std::size_t>(id)]);
  };
  add("bos_token", vocabulary->begin), add("eos_token", vocabulary->end), add("unk_token", vocabulary->unknown);
  return std::optional{std::string(*text->text())};
}

/// The text of a chat template, and the file that has it.
struct chat_template_source {
  std::string text, path;
};

/// That of a folder or of a GGUF file, if there is one; adds the texts of special tokens to the settings.
inline result<std::optional<chat_template_source>, tokenizer_error> find_chat_template(const std::string& folder,
                                                                                       chat_settings& settings) {
  std::optional<std::string> source;
  std::string path = folder + "/chat_template.jinja";
  if (regular_file::exists(path)) {
    auto text = bytes_of_regular_file(path, chat_template::longest);
    if (!text) return failure{tokenizer_error{printable(path) + ": " + text.error()}};
    source = std::move(*text);
  }
  for (const std::string_view name : {"chat_template.json", "tokenizer_config.json", "special_tokens_map.json"}) {
    const std::string file = folder + "/" + std::string(name);
    const auto config = optional_json(file);
    if (!config) return failure{config.error()};
    if (!*config) continue;
    if (!source && (source = template_in(**config))) path = file;
    add_special_texts(settings, **config);
  }
  if (!source) path = folder.ends_with(".gguf") ? folder : only_gguf_file(folder);
  if (!source && !path.empty()) {
    auto found = template_of_gguf(path, settings);
    if (!found) return failure{found.error()};
    source = std::move(*found);
  }
  if (!source) return std::optional<chat_template_source>{};
  return std::optional{chat_template_source{std::move(*source), std::move(path)}};
}

}  // namespace detail

/// The chat template of a folder as hubs have it: `chat_template.jinja`, or `chat_template` of `chat_template.json` or
/// `tokenizer_config.json`, or that of its only `.gguf` file; or that of a `.gguf` file at `folder`. Nothing if there is
/// none. Errors: those of `chat_template::parse`; a file that cannot be read.
inline result<std::optional<folder_chat>, tokenizer_error> load_chat_template(const std::string& folder) noexcept {
  chat_settings settings;
  const auto source = detail::find_chat_template(folder, settings);
  if (!source) return failure{source.error()};
  if (!*source) return std::optional<folder_chat>{};
  auto form = chat_template::parse((*source)->text);
  if (!form) return failure{tokenizer_error{printable((*source)->path) + ": " + form.error().message()}};
  return std::optional<folder_chat>{folder_chat{std::move(*form), std::move(settings)}};
}

}  // namespace typeformer
