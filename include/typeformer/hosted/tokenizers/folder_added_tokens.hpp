// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/text/added_tokens.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// An added token as Hugging Face's files write it, without its id and its normalized text.
inline added_token read_added_token(json_reader& json, const json_node& object) {
  added_token token;
  token.text = json.string(object, "content", "");
  token.is_special = json.boolean(object, "special", false);
  token.is_single_word = json.boolean(object, "single_word", false);
  token.strips_left = json.boolean(object, "lstrip", false);
  token.strips_right = json.boolean(object, "rstrip", false);
  token.is_normalized = json.boolean(object, "normalized", !token.is_special);
  return token;
}

/// The tokens that a folder adds to its vocabulary: `added_tokens.json`, a text and its id each, and
/// `added_tokens_decoder` of `tokenizer_config.json`, which counts before it. `folder` ends with a slash or is empty; files
/// that are not there add nothing. Errors: a file that is not JSON; a token without a text; an id that is not one.
inline result<std::vector<added_token>, tokenizer_error> folder_added_tokens(const std::string& folder) noexcept {
  std::vector<added_token> tokens;
  std::unordered_set<std::int32_t> ids;
  std::unordered_set<std::string> texts;
  for (const bool is_config : {true, false}) {
    const std::string path = folder + (is_config ? "tokenizer_config.json" : "added_tokens.json");
    if (!regular_file::exists(path)) continue;
    constexpr std::uint64_t largest = std::uint64_t{64} << 20;
    const auto bytes = bytes_of_regular_file(path, largest);
    if (!bytes) return failure{tokenizer_error{printable(path) + ": " + bytes.error()}};
    const auto tree = parse_json_tree(*bytes, path);
    if (!tree) return failure{tokenizer_error{tree.error().message()}};
    json_reader json{*tree};
    const json_node* const list = is_config ? json.find(json.root(), "added_tokens_decoder") : &json.root();
    if (list == nullptr) continue;
    json.for_each(*list, [&](const json_node& each) {
      added_token token;
      const std::string_view key = json.key(each);
      if (is_config) {
        token = read_added_token(json, each);
        const auto [end, problem] = std::from_chars(key.data(), key.data() + key.size(), token.id);
        if (problem != std::errc{} || end != key.data() + key.size() || token.id < 0)
          json.expected("added_tokens_decoder", "ids", quoted_name(key));
      } else {
        token.text = std::string(key);
        token.id = json.id(each);
      }
      if (token.text.empty()) json.reject("token " + std::to_string(token.id) + " has no text");
      if (ids.insert(token.id).second && texts.insert(token.text).second) tokens.push_back(std::move(token));
    });
    if (!json.ok()) return failure{tokenizer_error{printable(path) + ": " + json.problem()}};
  }
  return tokens;
}

}  // namespace typeformer
