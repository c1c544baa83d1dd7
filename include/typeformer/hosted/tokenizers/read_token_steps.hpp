// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/hosted/tokenizers/read_text_steps.hpp>
#include <typeformer/text/decoders.hpp>
#include <typeformer/text/post_processors.hpp>

namespace typeformer {

/// The pieces of a template such as `[CLS] $A [SEP]`.
inline std::vector<post_processors::template_piece> read_template(json_reader& json, const json_node& object,
                                                                  std::string_view name) {
  std::vector<post_processors::template_piece> pieces;
  const json_node* const special = json.find(object, "special_tokens");
  const json_node* const list = json.require(object, name, json_kind::array);
  if (list == nullptr) return pieces;
  json.for_each(*list, [&](const json_node& each) {
    post_processors::template_piece piece;
    if (const json_node* const sequence = json.find(each, "Sequence")) {
      const std::string which = json.string(*sequence, "id", "");
      if (which != "A" && which != "B") return json.expected(name, "the sequence A or B", quoted_name(which));
      piece.sequence = which == "B";
      piece.type_id = static_cast<std::int32_t>(json.integer(*sequence, "type_id", 0));
    } else if (const json_node* const token = json.find(each, "SpecialToken")) {
      const std::string text = json.string(*token, "id", "");
      piece.type_id = static_cast<std::int32_t>(json.integer(*token, "type_id", 0));
      const json_node* const entry = special == nullptr ? nullptr : json.find(*special, text);
      if (entry == nullptr)
        return json.reject("the special token " + quoted_name(text) + " of the template is not declared");
      if (const json_node* const ids = json.require(*entry, "ids", json_kind::array))
        json.for_each(*ids, [&](const json_node& id) { piece.ids.push_back(json.id(id)); });
    } else {
      return json.expected(name, "Sequence or SpecialToken", "neither");
    }
    pieces.push_back(std::move(piece));
  });
  return pieces;
}

/// The id in `["[SEP]", 102]`.
inline std::int32_t read_token_with_id(json_reader& json, const json_node& object, std::string_view name) {
  const json_node* const pair = json.require(object, name, json_kind::array);
  if (pair == nullptr) return 0;
  const json_node* last = nullptr;
  json.for_each(*pair, [&](const json_node& each) { last = &each; });
  if (last == nullptr) return json.expected(name, "a token and its id", "an empty array"), 0;
  return json.id(*last);
}

/// Appends the steps of a post-processor. A sequence is its parts.
inline void read_post_processor(json_reader& json, const json_node& object, std::vector<post_processors::step>& steps) {
  namespace steps_of = post_processors;
  const std::string type = json.string(object, "type", "");
  const steps_of::byte_level offsets{json.boolean(object, "trim_offsets", true),
                                     json.boolean(object, "add_prefix_space", true)};
  if (type == "Sequence") {
    if (const json_node* const parts = json.require(object, "processors", json_kind::array))
      json.for_each(*parts, [&](const json_node& part) { read_post_processor(json, part, steps); });
  } else if (type == "ByteLevel") {
    steps.push_back(offsets);
  } else if (type == "TemplateProcessing") {
    steps.push_back(
        steps_of::template_processing{read_template(json, object, "single"), read_template(json, object, "pair")});
  } else if (type == "RobertaProcessing") {
    steps.push_back(
        steps_of::roberta{read_token_with_id(json, object, "sep"), read_token_with_id(json, object, "cls"), offsets});
  } else if (type == "BertProcessing") {
    steps.push_back(steps_of::bert{read_token_with_id(json, object, "sep"), read_token_with_id(json, object, "cls")});
  } else {
    json.reject("the post-processor " + quoted_name(type) + " is not supported");
  }
}

/// Appends the steps of a decoder. A sequence is its parts.
inline void read_decoder(json_reader& json, const json_node& object, std::vector<decoders::step>& steps) {
  namespace steps_of = decoders;
  const std::string type = json.string(object, "type", "");
  const auto count = [&](std::string_view name) {
    return static_cast<std::size_t>((std::max)(json.integer(object, name, 0), std::int64_t{0}));
  };
  if (type == "Sequence") {
    if (const json_node* const parts = json.require(object, "decoders", json_kind::array))
      json.for_each(*parts, [&](const json_node& part) { read_decoder(json, part, steps); });
  } else if (type == "ByteLevel") {
    steps.push_back(steps_of::byte_level{});
  } else if (type == "ByteFallback") {
    steps.push_back(steps_of::byte_fallback{});
  } else if (type == "Fuse") {
    steps.push_back(steps_of::fuse{});
  } else if (type == "BPEDecoder") {
    steps.push_back(steps_of::bpe{json.string(object, "suffix", "</w>")});
  } else if (type == "WordPiece") {
    steps.push_back(steps_of::wordpiece{json.string(object, "prefix", "##"), json.boolean(object, "cleanup", true)});
  } else if (type == "Metaspace") {
    std::string replacement;
    append_utf8(replacement, json.character(object, "replacement", U'\u2581'));
    const bool drops = read_prepend_scheme(json, object) != pre_tokenizers::prepend_scheme::never;
    steps.push_back(steps_of::metaspace{std::move(replacement), drops});
  } else if (type == "Replace") {
    if (auto pattern = read_pattern(json, object))
      steps.push_back(steps_of::replace{std::move(*pattern), json.string(object, "content", "")});
  } else if (type == "Strip") {
    steps.push_back(steps_of::strip{json.character(object, "content", U' '), count("start"), count("stop")});
  } else if (type == "CTC") {
    steps.push_back(steps_of::ctc{json.string(object, "pad_token", "<pad>"),
                                  json.string(object, "word_delimiter_token", "|"),
                                  json.boolean(object, "cleanup", true)});
  } else {
    json.reject("the decoder " + quoted_name(type) + " is not supported");
  }
}

}  // namespace typeformer
