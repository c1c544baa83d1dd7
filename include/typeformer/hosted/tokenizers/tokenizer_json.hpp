// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/tokenizers/folder_added_tokens.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/hosted/tokenizers/read_text_steps.hpp>
#include <typeformer/hosted/tokenizers/read_token_model.hpp>
#include <typeformer/hosted/tokenizers/read_token_steps.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_json_events.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

/// The most bytes of a `tokenizer.json`.
inline constexpr std::size_t largest_tokenizer_json = std::size_t{256} << 20;

namespace detail {

inline std::vector<added_token> read_added_tokens(json_reader& json, const std::vector<normalizers::step>& steps) {
  std::vector<added_token> tokens;
  const json_node* const list = json.find(json.root(), "added_tokens");
  if (list == nullptr) return tokens;
  json.for_each(*list, [&](const json_node& each) {
    const json_node* const id = json.require(each, "id", json_kind::integer);
    if (id == nullptr) return;
    added_token token = read_added_token(json, each);
    token.id = json.id(*id);
    token.normalized = token.is_normalized ? normalized_text(token.text, steps) : token.text;
    if (!token.text.empty()) tokens.push_back(std::move(token));
  });
  return tokens;
}

inline std::optional<truncation_options> read_truncation(json_reader& json) {
  const json_node* const object = json.find(json.root(), "truncation");
  if (object == nullptr) return {};
  truncation_options how;
  how.most = static_cast<std::size_t>((std::max)(json.integer(*object, "max_length", 512), std::int64_t{0}));
  how.stride = static_cast<std::size_t>((std::max)(json.integer(*object, "stride", 0), std::int64_t{0}));
  how.drops_begin = json.string(*object, "direction", "Right") == "Left";
  const std::string strategy = json.string(*object, "strategy", "LongestFirst");
  if (strategy == "OnlyFirst") how.strategy = truncation_strategy::only_first;
  else if (strategy == "OnlySecond") how.strategy = truncation_strategy::only_second;
  else if (strategy != "LongestFirst")
    json.reject("the truncation strategy " + quoted_name(strategy) + " is not supported");
  return how;
}

inline std::optional<padding_options> read_padding(json_reader& json) {
  constexpr std::int64_t longest = std::int64_t{1} << 24;
  const json_node* const object = json.find(json.root(), "padding");
  if (object == nullptr) return {};
  padding_options how;
  const json_node* const strategy = json.find(*object, "strategy");
  const json_node* const fixed = strategy == nullptr ? nullptr : json.find(*strategy, "Fixed");
  const std::int64_t length = fixed == nullptr ? 0 : fixed->integer,
                     multiple = json.integer(*object, "pad_to_multiple_of", 0);
  if (length < 0 || length > longest || multiple < 0 || multiple > longest)
    json.expected("padding", "a length of at most " + std::to_string(longest), "another one");
  if (fixed != nullptr) how.length = static_cast<std::size_t>(length);
  how.multiple = static_cast<std::size_t>(multiple);
  how.id = static_cast<std::int32_t>(json.integer(*object, "pad_id", 0));
  how.type_id = static_cast<std::int32_t>(json.integer(*object, "pad_type_id", 0));
  how.at_begin = json.string(*object, "direction", "Right") == "Left";
  return how;
}

/// Whether the model can be given bytes themselves: only the last step spells them.
inline bool spells_bytes_at_end(const std::vector<normalizers::step>& before,
                                std::vector<pre_tokenizers::step>& steps) {
  using pre_tokenizers::byte_level;
  const auto is_byte_level = [](const auto& step) { return std::holds_alternative<byte_level>(step); };
  const auto is_normalizer = [](const auto& step) { return std::holds_alternative<normalizers::byte_level>(step); };
  return !steps.empty() && is_byte_level(steps.back()) && std::ranges::count_if(steps, is_byte_level) == 1 &&
         std::ranges::none_of(before, is_normalizer);
}

}  // namespace detail

/// The tokenizer of a `tokenizer.json` of Hugging Face's tokenizers. `name` is that of the file in messages.
///
/// Errors: the text is not such a file; a normalizer, pre-tokenizer, model, post-processor or decoder that is not
/// supported, by name; tokens that refer to others that are not there.
inline result<tokenizer, tokenizer_error> parse_tokenizer_json(std::string_view text, std::string_view name) noexcept {
  const auto rejected = [&](const std::string& why) { return failure{tokenizer_error{printable(name) + ": " + why}}; };
  if (text.size() > largest_tokenizer_json)
    return rejected("is too large: expected at most " + std::to_string(largest_tokenizer_json) + " bytes, found " +
                    std::to_string(text.size()));
  tokenizer_json_events events;
  if (const auto parsed = parse_json(text, events); !parsed)
    return rejected("invalid JSON: " + parsed.error().message());
  const json_tree tree = events.take_tree();
  json_reader json{tree};
  if (json.root().kind != json_kind::object)
    return rejected("expected an object, found " + std::string(name_of(json.root().kind)));
  std::vector<normalizers::step> normalizers;
  std::vector<pre_tokenizers::step> pre_tokenizers;
  if (const json_node* const object = json.find(json.root(), "normalizer")) read_normalizer(json, *object, normalizers);
  if (const json_node* const object = json.find(json.root(), "pre_tokenizer"))
    read_pre_tokenizer(json, *object, pre_tokenizers);
  const json_node* const object = json.require(json.root(), "model", json_kind::object);
  if (!json.ok()) return rejected(json.problem());
  const bool takes_bytes = detail::spells_bytes_at_end(normalizers, pre_tokenizers);
  auto model = read_token_model(json, *object, events.lists, takes_bytes);
  if (!model) return rejected("model: " + model.error().message());
  if (const auto* const bpe = std::get_if<bpe_model>(&*model); bpe != nullptr && bpe->is_byte_level())
    std::get<pre_tokenizers::byte_level>(pre_tokenizers.back()).spells_bytes = false;
  tokenizer_parts parts{std::move(*model)};
  parts.added = added_tokens{detail::read_added_tokens(json, normalizers)};
  parts.normalizers = std::move(normalizers);
  parts.pre_tokenizers = std::move(pre_tokenizers);
  if (const json_node* const step = json.find(json.root(), "post_processor"))
    read_post_processor(json, *step, parts.post_processors);
  if (const json_node* const step = json.find(json.root(), "decoder")) {
    parts.joins_with_spaces = false;
    read_decoder(json, *step, parts.decoders);
  }
  parts.truncation = detail::read_truncation(json);
  parts.padding = detail::read_padding(json);
  if (!json.ok()) return rejected(json.problem());
  return tokenizer{std::move(parts)};
}

}  // namespace typeformer
