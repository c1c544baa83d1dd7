// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/tokenizers/base64.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/text/normalizers.hpp>
#include <typeformer/text/pre_tokenizers.hpp>
#include <typeformer/text/text_pattern.hpp>

namespace typeformer {

/// `{"String": …}` or `{"Regex": …}`.
inline std::optional<text_pattern> read_pattern(json_reader& json, const json_node& object) {
  const json_node* const pattern = json.find(object, "pattern");
  if (pattern != nullptr && pattern->kind == json_kind::text) return text_pattern{std::string(json.text(*pattern))};
  const json_node* const plain = pattern == nullptr ? nullptr : json.find(*pattern, "String");
  if (plain != nullptr) return text_pattern{std::string(json.text(*plain))};
  const json_node* const expression = pattern == nullptr ? nullptr : json.find(*pattern, "Regex");
  if (expression == nullptr) return json.expected("pattern", "String or Regex", "neither"), std::nullopt;
  auto parsed = text_pattern::expression(json.text(*expression));
  if (!parsed) return json.reject(parsed.error().message()), std::nullopt;
  return std::move(*parsed);
}

/// Appends the steps of a normalizer. A sequence is its parts.
inline void read_normalizer(json_reader& json, const json_node& object, std::vector<normalizers::step>& steps) {
  namespace steps_of = normalizers;
  const std::string type = json.string(object, "type", "");
  if (type == "Sequence") {
    if (const json_node* const parts = json.require(object, "normalizers", json_kind::array))
      json.for_each(*parts, [&](const json_node& part) { read_normalizer(json, part, steps); });
  } else if (type == "BertNormalizer") {
    const bool lowers = json.boolean(object, "lowercase", true);
    steps.push_back(steps_of::bert{json.boolean(object, "clean_text", true),
                                   json.boolean(object, "handle_chinese_chars", true),
                                   json.boolean(object, "strip_accents", lowers), lowers});
  } else if (type == "NFC") {
    steps.push_back(steps_of::form{normalization_form::nfc});
  } else if (type == "NFD") {
    steps.push_back(steps_of::form{normalization_form::nfd});
  } else if (type == "NFKC") {
    steps.push_back(steps_of::form{normalization_form::nfkc});
  } else if (type == "NFKD") {
    steps.push_back(steps_of::form{normalization_form::nfkd});
  } else if (type == "Lowercase") {
    steps.push_back(steps_of::lowercase{});
  } else if (type == "Nmt") {
    steps.push_back(steps_of::nmt{});
  } else if (type == "StripAccents") {
    steps.push_back(steps_of::strip_accents{});
  } else if (type == "ByteLevel") {
    steps.push_back(steps_of::byte_level{});
  } else if (type == "Strip") {
    steps.push_back(
        steps_of::strip{json.boolean(object, "strip_left", true), json.boolean(object, "strip_right", true)});
  } else if (type == "Prepend") {
    steps.push_back(steps_of::prepend{json.string(object, "prepend", "")});
  } else if (type == "Replace") {
    if (auto pattern = read_pattern(json, object))
      steps.push_back(steps_of::replace{std::move(*pattern), json.string(object, "content", "")});
  } else if (type == "Precompiled") {
    const auto bytes = base64_bytes(json.string(object, "precompiled_charsmap", ""));
    if (!bytes) return json.expected("precompiled_charsmap", "base64", "something else");
    auto rules = charsmap::parse(*bytes);
    if (!rules) return json.reject(rules.error().message());
    steps.push_back(steps_of::precompiled{std::move(*rules)});
  } else {
    json.reject("the normalizer " + quoted_name(type) + " is not supported");
  }
}

inline split_behavior read_behavior(json_reader& json, const json_node& object, std::string_view otherwise) {
  const std::string name = json.string(object, "behavior", otherwise);
  if (name == "Removed") return split_behavior::removed;
  if (name == "MergedWithPrevious") return split_behavior::merged_with_previous;
  if (name == "MergedWithNext") return split_behavior::merged_with_next;
  if (name == "Contiguous") return split_behavior::contiguous;
  if (name != "Isolated") json.reject("the behavior " + quoted_name(name) + " is not supported");
  return split_behavior::isolated;
}

inline pre_tokenizers::prepend_scheme read_prepend_scheme(json_reader& json, const json_node& object) {
  using pre_tokenizers::prepend_scheme;
  const std::string name = json.string(object, "prepend_scheme", "always");
  if (name == "never" || !json.boolean(object, "add_prefix_space", true)) return prepend_scheme::never;
  if (name == "first") return prepend_scheme::first;
  if (name != "always") json.reject("the prepend_scheme " + quoted_name(name) + " is not supported");
  return prepend_scheme::always;
}

/// Appends the steps of a pre-tokenizer. A sequence is its parts.
inline void read_pre_tokenizer(json_reader& json, const json_node& object, std::vector<pre_tokenizers::step>& steps) {
  namespace steps_of = pre_tokenizers;
  const std::string type = json.string(object, "type", "");
  if (type == "Sequence") {
    if (const json_node* const parts = json.require(object, "pretokenizers", json_kind::array))
      json.for_each(*parts, [&](const json_node& part) { read_pre_tokenizer(json, part, steps); });
  } else if (type == "ByteLevel") {
    steps.push_back(
        steps_of::byte_level{json.boolean(object, "add_prefix_space", true), json.boolean(object, "use_regex", true)});
  } else if (type == "BertPreTokenizer") {
    steps.push_back(steps_of::bert{});
  } else if (type == "Whitespace") {
    if (auto words = text_pattern::expression(R"(\w+|[^\w\s]+)"))
      steps.push_back(steps_of::split{std::move(*words), split_behavior::removed, true});
  } else if (type == "WhitespaceSplit") {
    steps.push_back(steps_of::split{text_pattern{is_white_space}, split_behavior::removed});
  } else if (type == "Metaspace") {
    std::string replacement;
    append_utf8(replacement, json.character(object, "replacement", U'\u2581'));
    steps.push_back(steps_of::metaspace{std::move(replacement), read_prepend_scheme(json, object),
                                        json.boolean(object, "split", true)});
  } else if (type == "Split") {
    if (auto pattern = read_pattern(json, object))
      steps.push_back(steps_of::split{std::move(*pattern), read_behavior(json, object, "Isolated"),
                                      json.boolean(object, "invert", false)});
  } else if (type == "Punctuation") {
    steps.push_back(steps_of::split{text_pattern{is_punctuation}, read_behavior(json, object, "Isolated")});
  } else if (type == "Digits") {
    const bool each = json.boolean(object, "individual_digits", false);
    steps.push_back(
        steps_of::split{text_pattern{is_numeric}, each ? split_behavior::isolated : split_behavior::contiguous});
  } else if (type == "CharDelimiterSplit") {
    std::string delimiter;
    append_utf8(delimiter, json.character(object, "delimiter", U' '));
    steps.push_back(steps_of::split{text_pattern{std::move(delimiter)}, split_behavior::removed});
  } else if (type == "FixedLength") {
    const std::int64_t length = json.integer(object, "length", 5);
    if (length < 1) return json.expected("length", "a number above 0", std::to_string(length));
    steps.push_back(steps_of::fixed_length{static_cast<std::size_t>(length)});
  } else {
    json.reject("the pre-tokenizer " + quoted_name(type) + " is not supported");
  }
}

}  // namespace typeformer
