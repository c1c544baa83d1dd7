// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/tokenizers/gguf_splitters.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/text/sentencepiece_file.hpp>
#include <typeformer/text/tokenizer_parts.hpp>

namespace typeformer::detail {

using parts_or_error = result<tokenizer_parts, tokenizer_error>;

/// The special tokens around texts; `token_vocabulary::none` where there is none.
struct gguf_added_ids {
  std::int32_t begin = token_vocabulary::none, end = token_vocabulary::none, between = token_vocabulary::none;
  bool begins_second = true;  ///< of two texts
  std::int32_t second_type = 1;
};

/// `begin A end`, and of two texts `begin A end between begin B end`.
inline post_processors::template_processing template_of(const gguf_added_ids& ids) {
  post_processors::template_processing made;
  const auto add = [](auto& to, std::int32_t id, std::int32_t type) {
    if (id != token_vocabulary::none) to.push_back({-1, type, {id}});
  };
  for (auto* const to : {&made.single, &made.pair}) add(*to, ids.begin, 0), to->push_back({0, 0}), add(*to, ids.end, 0);
  add(made.pair, ids.between, ids.second_type);
  if (ids.begins_second) add(made.pair, ids.begin, ids.second_type);
  made.pair.push_back({1, ids.second_type});
  add(made.pair, ids.end, ids.second_type);
  return made;
}

/// `begins`, `ends`: what holds if the file does not say it. With separators, two texts are joined as RoBERTa's.
inline gguf_added_ids added_ids_of(const gguf_vocabulary& from, bool begins, bool ends) {
  gguf_added_ids ids;
  if (from.adds_begin.value_or(begins)) ids.begin = from.begin;
  if (from.adds_end.value_or(ends)) ids.end = from.end;
  if (!from.adds_separator.value_or(false)) return ids;
  ids.between = from.separator == token_vocabulary::none ? ids.end : from.separator;
  ids.begins_second = false, ids.second_type = 0;
  return ids;
}

/// Control, unknown and user-defined tokens are found in a text before it is split. `finds_pieces`: the model itself
/// finds the user-defined pieces that it was trained with; converters give those that were added later this score.
inline tokenizer_parts parts_of(token_model model, const gguf_vocabulary& from, const gguf_added_ids& ids,
                                bool mask_strips_left, bool finds_pieces = false) {
  constexpr float score_of_added = -1000;
  std::vector<added_token> tokens;
  for (std::size_t i = 0; i < from.tokens.size(); ++i) {
    const auto id = static_cast<std::int32_t>(i);
    const bool is_special =
        from.types[i] == sentencepiece_type::control || from.types[i] == sentencepiece_type::unknown;
    const bool is_left_to_model = finds_pieces && from.scores[i] > score_of_added;
    if (is_special || (from.types[i] == sentencepiece_type::user_defined && !is_left_to_model))
      tokens.push_back({.id = id,
                        .text = from.tokens[i],
                        .strips_left = mask_strips_left && id == from.mask,
                        .is_special = is_special});
  }
  tokenizer_parts parts{std::move(model)};
  parts.added = added_tokens{std::move(tokens)};
  parts.joins_with_spaces = false;
  if (ids.begin != token_vocabulary::none || ids.end != token_vocabulary::none)
    parts.post_processors.push_back(template_of(ids));
  return parts;
}

inline result<token_vocabulary, tokenizer_error> vocabulary_with_ids(const std::vector<std::string>& tokens) {
  token_vocabulary vocabulary;
  for (std::size_t id = 0; id < tokens.size(); ++id)
    if (const auto added = vocabulary.add(tokens[id], static_cast<std::int64_t>(id)); !added)
      return failure{added.error()};
  return vocabulary;
}

inline parts_or_error sentencepiece_parts(const gguf_vocabulary& from, sentencepiece_algorithm how) {
  const bool is_unigram = how == sentencepiece_algorithm::unigram;
  if (from.scores.empty() && !from.tokens.empty())
    return failure{tokenizer_error{"key \"tokenizer.ggml.scores\": expected a number for each token, found none"}};
  std::vector<sentencepiece_piece> pieces;
  sentencepiece_options options;
  options.how = how;
  options.adds_space = from.adds_space.value_or(!is_unigram);
  options.removes_extra_spaces = is_unigram && from.removes_extra_spaces.value_or(false);
  for (std::size_t i = 0; i < from.tokens.size(); ++i) {
    sentencepiece_type type = from.types[i];
    // Files of other makers than SentencePiece have more than one unknown token, such as what fills a vocabulary up.
    if (type == sentencepiece_type::unknown) type = sentencepiece_type::control;
    if (static_cast<std::int32_t>(i) == from.unknown) type = sentencepiece_type::unknown;
    options.falls_back_to_bytes = options.falls_back_to_bytes || type == sentencepiece_type::byte;
    pieces.push_back({from.tokens[i], from.scores[i], type});
  }
  auto normalizer = normalizer_of({from.charsmap, options.adds_space, options.removes_extra_spaces});
  if (!normalizer) return failure{normalizer.error()};
  auto made = sentencepiece_pieces::make(pieces, std::move(options));
  if (!made) return failure{made.error()};
  tokenizer_parts parts = parts_of(sentencepiece_model{std::move(*made)}, from,
                                   added_ids_of(from, !is_unigram, is_unigram), is_unigram, is_unigram);
  parts.normalizers.push_back(std::move(*normalizer));
  return parts;
}

inline result<bpe_model, tokenizer_error> gguf_merges(const gguf_vocabulary& from, bpe_options options) {
  auto vocabulary = vocabulary_with_ids(from.tokens);
  if (!vocabulary) return failure{vocabulary.error()};
  std::vector<bpe_model::merge_texts> merges;
  for (const std::string_view merge : from.merges) {
    const std::size_t space = merge.find(' ', 1);
    if (space == merge.npos)
      return failure{tokenizer_error{"merge " + std::to_string(merges.size()) + ": expected two tokens, found " +
                                     quoted_name(merge)}};
    merges.push_back({merge.substr(0, space), merge.substr(space + 1)});
  }
  return bpe_model::make(std::move(*vocabulary), merges, std::move(options));
}

/// GPT-2's kind: the words are split as `tokenizer.ggml.pre` says.
inline parts_or_error byte_level_parts(const gguf_vocabulary& from) {
  const gguf_splitter* const splitter = splitter_of(from.splitter.empty() ? "default" : from.splitter);
  if (splitter == nullptr)
    return failure{tokenizer_error{"key \"tokenizer.ggml.pre\": the splitter " + quoted_name(from.splitter) +
                                   " is not supported"}};
  auto model = gguf_merges(from, {.ignores_merges = splitter->ignores_merges, .is_byte_level = true});
  if (!model) return failure{model.error()};
  tokenizer_parts parts =
      parts_of(std::move(*model), from, added_ids_of(from, splitter->adds_begin, false), splitter->mask_strips_left);
  if (splitter->composes) parts.normalizers.push_back(normalizers::form{normalization_form::nfc});
  const pre_tokenizers::byte_level words{.adds_space = false, .splits = false, .spells_bytes = false};
  if (from.adds_space.value_or(false)) parts.pre_tokenizers.push_back(pre_tokenizers::byte_level{true, false, false});
  for (const std::string_view expression : splitter->expressions) {
    if (expression.empty()) break;
    auto pattern = text_pattern::expression(expression);
    if (!pattern) return failure{pattern.error()};
    parts.pre_tokenizers.push_back(pre_tokenizers::split{std::move(*pattern)});
  }
  parts.pre_tokenizers.push_back(words);
  parts.decoders.push_back(decoders::byte_level{});
  return parts;
}

/// BERT's WordPiece. GGUF has U+2581 before the pieces that begin a word, and nothing before those that continue it.
inline parts_or_error wordpiece_parts(const gguf_vocabulary& from) {
  constexpr std::string_view space = sentencepiece_normalizer::space;
  const wordpiece_options defaults;
  bool has_capitals = false;
  std::vector<std::string> tokens;
  for (std::size_t id = 0; id < from.tokens.size(); ++id) {
    const std::string_view token = from.tokens[id];
    const bool is_special =
        from.types[id] != sentencepiece_type::normal || (token.starts_with('[') && token.ends_with(']'));
    for (const char c : token) has_capitals = has_capitals || (!is_special && c >= 'A' && c <= 'Z');
    if (is_special) tokens.emplace_back(token);
    else if (token.starts_with(space)) tokens.emplace_back(token.substr(space.size()));
    else tokens.push_back(defaults.continuing_prefix + std::string(token));
  }
  auto vocabulary = vocabulary_with_ids(tokens);
  if (!vocabulary) return failure{vocabulary.error()};
  const auto first_of = [&](std::int32_t id, std::int32_t other, std::string_view text) {
    if (id == token_vocabulary::none) id = other;
    return id == token_vocabulary::none ? vocabulary->find(text) : id;
  };
  const std::int32_t unknown = first_of(from.unknown, from.unknown, defaults.unknown);
  gguf_added_ids ids{first_of(from.classification, from.begin, "[CLS]"), first_of(from.separator, from.end, "[SEP]")};
  ids.begins_second = false;
  if (unknown == token_vocabulary::none || ids.begin == token_vocabulary::none || ids.end == token_vocabulary::none)
    return failure{tokenizer_error{"expected the ids of the tokens [UNK], [CLS] and [SEP], found a file without them"}};
  if (!from.adds_begin.value_or(true)) ids.begin = token_vocabulary::none;
  if (!from.adds_separator.value_or(true)) ids.end = token_vocabulary::none;
  auto model = wordpiece_model::make(std::move(*vocabulary), {.unknown = tokens[static_cast<std::size_t>(unknown)]});
  if (!model) return failure{model.error()};
  tokenizer_parts parts = parts_of(std::move(*model), from, ids, false);
  const bool lowers = from.lowers_case.value_or(!has_capitals);
  parts.normalizers.push_back(normalizers::bert{true, true, from.strips_accents.value_or(lowers), lowers});
  parts.pre_tokenizers.push_back(pre_tokenizers::bert{});
  parts.decoders.push_back(decoders::wordpiece{});
  return parts;
}

}  // namespace typeformer::detail
