// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/text/tokenizer.hpp>
#include <typeformer/text/wordpiece.hpp>

namespace typeformer {

/// BERT's tokenizer of a `vocab.txt`: one token a line. `settings` is the text of a `tokenizer_config.json`, of which
/// `do_lower_case`, `strip_accents` and `tokenize_chinese_chars` count.
///
/// Errors: a line is empty or repeated; `[UNK]` is missing, or with `adds_special` `[CLS]` or `[SEP]`; the settings are not
/// JSON.
inline result<tokenizer, tokenizer_error> bert_tokenizer(std::string_view lines, std::string_view settings = "{}",
                                                         bool adds_special = true) noexcept {
  const auto tree = parse_json_tree(settings, "tokenizer_config.json");
  if (!tree) return failure{tokenizer_error{tree.error().message()}};
  json_reader json{*tree};
  const bool lowers = json.boolean(json.root(), "do_lower_case", true);
  const normalizers::bert normalizer{true, json.boolean(json.root(), "tokenize_chinese_chars", true),
                                     json.boolean(json.root(), "strip_accents", lowers), lowers};
  if (!json.ok()) return failure{tokenizer_error{"tokenizer_config.json: " + json.problem()}};
  const auto pieces = wordpiece::parse(lines);
  if (!pieces) return failure{pieces.error()};
  token_vocabulary vocabulary;
  for (std::int32_t id = 0; id < pieces->size(); ++id)
    if (const auto added = vocabulary.add(*pieces->piece(id), id); !added) return failure{added.error()};
  std::vector<added_token> special;
  for (const std::string_view token :
       {wordpiece::padding, wordpiece::unknown, wordpiece::classification, wordpiece::separator, wordpiece::mask}) {
    const std::int32_t id = vocabulary.find(token);
    const bool is_special = adds_special || token == wordpiece::unknown;
    if (is_special && id != token_vocabulary::none)
      special.push_back({.id = id, .text = std::string(token), .is_special = true});
  }
  const std::int32_t classification = vocabulary.find(wordpiece::classification),
                     separator = vocabulary.find(wordpiece::separator);
  if (adds_special && (classification == token_vocabulary::none || separator == token_vocabulary::none))
    return failure{tokenizer_error{"expected the tokens [CLS] and [SEP], found a vocabulary without them"}};
  auto model = wordpiece_model::make(std::move(vocabulary), {});
  if (!model) return failure{model.error()};
  tokenizer_parts parts{std::move(*model)};
  parts.added = added_tokens{std::move(special)};
  parts.normalizers.push_back(normalizer);
  parts.pre_tokenizers.push_back(pre_tokenizers::bert{});
  if (adds_special)
    parts.post_processors.push_back(post_processors::template_processing{
        {{-1, 0, {classification}}, {0, 0}, {-1, 0, {separator}}},
        {{-1, 0, {classification}}, {0, 0}, {-1, 0, {separator}}, {1, 1}, {-1, 1, {separator}}}});
  parts.decoders.push_back(decoders::wordpiece{});
  parts.joins_with_spaces = false;
  return tokenizer{std::move(parts)};
}

/// ESM's tokenizer of a `vocab.txt`: every token is found in a text, and the words between tokens are unknown.
///
/// Errors: a line is empty or repeated.
inline result<tokenizer, tokenizer_error> residue_tokenizer(std::string_view lines) noexcept {
  if (const auto checked = detail::check_vocabulary_text(lines); !checked) return failure{checked.error()};
  const auto tokens = detail::pieces_of_lines(lines);
  if (!tokens) return failure{tokens.error()};
  token_vocabulary vocabulary;
  std::vector<added_token> added;
  for (std::int32_t id = 0; id < tokens->size(); ++id) {
    const std::string_view text = (*tokens)[id];
    if (const auto done = vocabulary.add(text, id); !done) return failure{done.error()};
    added.push_back({.id = id, .text = std::string(text), .is_special = text.starts_with('<')});
  }
  tokenizer_parts parts{word_level_model{std::move(vocabulary), "<unk>"}};
  parts.added = added_tokens{std::move(added)};
  parts.pre_tokenizers.push_back(pre_tokenizers::split{text_pattern{is_white_space}, split_behavior::removed});
  return tokenizer{std::move(parts)};
}

/// GPT-2's tokenizer of a `vocab.json` and a `merges.txt`. `<|endoftext|>` is special, if it is a token.
///
/// Errors: the vocabulary is not an object of ids; a line of the merges is not two tokens; a merge of tokens that are
/// not in the vocabulary.
inline result<tokenizer, tokenizer_error> byte_level_tokenizer(std::string_view vocabulary_json,
                                                               std::string_view merge_lines) noexcept {
  const auto tree = parse_json_tree(vocabulary_json, "vocab.json");
  if (!tree) return failure{tokenizer_error{tree.error().message()}};
  json_reader json{*tree};
  token_vocabulary vocabulary;
  json.for_each(json.root(), [&](const json_node& entry) {
    if (const auto added = vocabulary.add(json.key(entry), json.id(entry)); !added)
      json.reject(added.error().message());
  });
  if (!json.ok() || json.root().kind != json_kind::object)
    return failure{tokenizer_error{"vocab.json: " + (json.ok() ? std::string("expected an object") : json.problem())}};
  std::vector<bpe_model::merge_texts> merges;
  std::size_t number = 0;
  for (std::size_t begin = 0, end = 0; begin < merge_lines.size(); begin = end + 1) {
    end = (std::min)(merge_lines.find('\n', begin), merge_lines.size());
    std::string_view line = merge_lines.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (++number == 1 && line.starts_with("#version")) continue;
    if (line.empty()) continue;
    const std::size_t space = line.find(' ');
    if (space == line.npos || line.find(' ', space + 1) != line.npos)
      return failure{tokenizer_error{"merges.txt: line " + std::to_string(number) + ": expected two tokens, found " +
                                     quoted_name(line)}};
    merges.push_back({line.substr(0, space), line.substr(space + 1)});
  }
  std::vector<added_token> special;
  constexpr std::string_view end_of_text = "<|endoftext|>";
  if (const std::int32_t id = vocabulary.find(end_of_text); id != token_vocabulary::none)
    special.push_back({.id = id, .text = std::string(end_of_text), .is_special = true});
  auto model = bpe_model::make(std::move(vocabulary), merges, {.is_byte_level = true});
  if (!model) return failure{model.error()};
  tokenizer_parts parts{std::move(*model)};
  parts.added = added_tokens{std::move(special)};
  parts.pre_tokenizers.push_back(pre_tokenizers::byte_level{.adds_space = false, .spells_bytes = false});
  parts.post_processors.push_back(post_processors::byte_level{.trims_offsets = false});
  parts.decoders.push_back(decoders::byte_level{});
  parts.joins_with_spaces = false;
  return tokenizer{std::move(parts)};
}

}  // namespace typeformer
