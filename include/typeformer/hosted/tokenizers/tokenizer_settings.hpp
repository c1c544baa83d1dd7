// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/tokenizers/folder_added_tokens.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_families.hpp>
#include <typeformer/text/added_tokens.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// What `tokenizer_config.json` and `config.json` beside a vocabulary say of its tokenizer.
struct tokenizer_settings {
  const tokenizer_family* family = nullptr;
  std::string tokenizer_class, model_type, begin, end, language;
  std::optional<bool> adds_begin, adds_end;
  bool lowers_case = true, keeps_accents = false;
  std::int64_t extra_tokens = 100;  ///< T5's
  std::vector<added_token> added;

  /// `folder` ends with a slash or is empty. Files that are not there say nothing. Errors: those of `json_config::open`
  /// and `folder_added_tokens`.
  static result<tokenizer_settings, tokenizer_error> read(const std::string& folder) noexcept {
    tokenizer_settings made;
    for (const bool is_model : {true, false}) {
      const std::string path = folder + (is_model ? "config.json" : "tokenizer_config.json");
      if (!regular_file::exists(path)) continue;
      const auto config = json_config::open(path);
      if (!config) return failure{tokenizer_error{config.error().message()}};
      if (!is_model) made.read_config(*config);
      else if (const auto type = config->text("model_type")) made.model_type = std::string(*type);
    }
    auto added = folder_added_tokens(folder);
    if (!added) return failure{added.error()};
    made.added = std::move(*added);
    made.family = family_of_tokenizer(made.tokenizer_class, made.model_type);
    return result<tokenizer_settings, tokenizer_error>(std::move(made));
  }

 private:
  void read_config(const json_config& config) {
    const auto text_of = [&](const std::string& key) {
      const auto whole = config.text(key), content = config.text(key + ".content");
      return std::string(whole ? *whole : content ? *content : std::string_view{});
    };
    const auto flag = [&](std::string_view key) -> std::optional<bool> {
      const auto found = config.boolean(key);
      return found ? std::optional{*found} : std::nullopt;
    };
    tokenizer_class = text_of("tokenizer_class");
    begin = text_of("bos_token"), end = text_of("eos_token"), language = text_of("src_lang");
    adds_begin = flag("add_bos_token"), adds_end = flag("add_eos_token");
    lowers_case = flag("do_lower_case").value_or(true), keeps_accents = flag("keep_accents").value_or(false);
    constexpr std::int64_t most_extra = 10'000;
    if (const auto extra = config.integer("extra_ids"); extra && *extra >= 0 && *extra <= most_extra)
      extra_tokens = *extra;
  }
};

}  // namespace typeformer
