// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/text/tokenizer_parts.hpp>

/// What a GGUF file says of the models of pieces. Each `describe` adds to a vocabulary that has the tokens and types, and
/// returns what GGUF has no words for; an empty text: nothing.
namespace typeformer::detail {

/// Bytes, the unknown token, and the score of tokens that were added to the model's `count` pieces.
inline void describe_pieces(gguf_vocabulary& made, const tokenizer_parts& from, std::int32_t unknown,
                            std::size_t count) {
  constexpr float score_of_added = -1000;
  made.splitter = "default";
  made.unknown = unknown;
  for (std::size_t id = 0; id < made.tokens.size(); ++id) {
    sentencepiece_type& type = made.types[id];
    const bool is_added = from.added.find(static_cast<std::int32_t>(id)) != nullptr;
    if (id >= count || (is_added && type == sentencepiece_type::user_defined)) made.scores[id] = score_of_added;
    if (static_cast<std::int32_t>(id) == unknown) type = sentencepiece_type::unknown;
    else if (type != sentencepiece_type::unused && decoders::byte_of_fallback(made.tokens[id]))
      type = sentencepiece_type::byte;
  }
}

inline std::string describe(gguf_vocabulary& made, const tokenizer_parts& from, const sentencepiece_model& model) {
  const sentencepiece_pieces& pieces = model.pieces();
  const sentencepiece_options& options = pieces.options();
  const auto* const normalizer =
      from.normalizers.size() == 1 ? std::get_if<sentencepiece_normalizer>(&from.normalizers[0]) : nullptr;
  if (normalizer == nullptr || !normalizer->escapes_spaces) return "its normalizer";
  const bool is_bpe = options.how == sentencepiece_algorithm::bpe;
  if ((!is_bpe && options.how != sentencepiece_algorithm::unigram) || options.space_is_suffix || options.denormalizer ||
      (is_bpe && (normalizer->rules || normalizer->removes_extra_spaces)))
    return "its kind of SentencePiece";
  made.model = is_bpe ? "llama" : "t5";
  made.adds_space = normalizer->adds_space;
  if (!is_bpe) made.removes_extra_spaces = normalizer->removes_extra_spaces;
  if (normalizer->rules) made.charsmap = normalizer->rules->bytes();
  made.scores.assign(made.tokens.size(), 0);
  const std::int32_t count = pieces.vocabulary().ids_end();
  for (std::int32_t id = 0; id < count; ++id) {
    const auto place = static_cast<std::size_t>(id);
    made.scores[place] = pieces.score(id);
    if (made.types[place] == sentencepiece_type::normal) made.types[place] = pieces.type(id);
  }
  return describe_pieces(made, from, pieces.unknown_id(), static_cast<std::size_t>(count)), std::string{};
}

inline std::string describe(gguf_vocabulary& made, const tokenizer_parts& from, const unigram_model& model) {
  made.model = "t5";
  made.removes_extra_spaces = false;
  for (const normalizers::step& step : from.normalizers) {
    const auto* const rules = std::get_if<normalizers::precompiled>(&step);
    const auto* const replaced = std::get_if<normalizers::replace>(&step);
    const auto* const stripped = std::get_if<normalizers::strip>(&step);
    if (rules && made.charsmap.empty()) made.charsmap = rules->rules.bytes();
    else if (replaced && replaced->pattern.source() == " {2,}" && replaced->text == " ")
      made.removes_extra_spaces = true;
    else if (!stripped || stripped->left) return "its normalizer";
  }
  for (const pre_tokenizers::step& step : from.pre_tokenizers) {
    const auto* const spaces = std::get_if<pre_tokenizers::metaspace>(&step);
    const auto* const split = std::get_if<pre_tokenizers::split>(&step);
    const auto* const test = split ? split->pattern.as_character_test() : nullptr;
    if (spaces && spaces->replacement == sentencepiece_normalizer::space && !made.adds_space)
      made.adds_space = spaces->prepends != pre_tokenizers::prepend_scheme::never;
    else if (test && *test == is_white_space && split->behavior == split_behavior::removed && !made.adds_space)
      made.removes_extra_spaces = true;
    else return "how it splits words";
  }
  if (!made.adds_space) return "words without spaces";
  made.scores.assign(made.tokens.size(), 0);
  const std::size_t count = model.scores().size();
  for (std::size_t id = 0; id < count; ++id) made.scores[id] = static_cast<float>(model.scores()[id]);
  return describe_pieces(made, from, model.unknown_id(), count), std::string{};
}

inline std::string describe(gguf_vocabulary& made, const tokenizer_parts& from, const wordpiece_model& model) {
  const wordpiece_options usual;
  if (model.options().continuing_prefix != usual.continuing_prefix ||
      model.options().longest_word != usual.longest_word)
    return "its WordPiece";
  const auto* const normalizer =
      from.normalizers.size() == 1 ? std::get_if<normalizers::bert>(&from.normalizers[0]) : nullptr;
  if (normalizer == nullptr || !normalizer->cleans_text || !normalizer->separates_ideographs) return "its normalizer";
  if (from.pre_tokenizers.size() != 1 || !std::holds_alternative<pre_tokenizers::bert>(from.pre_tokenizers[0]))
    return "how it splits words";
  made.model = "bert", made.splitter = "default";
  made.lowers_case = normalizer->lowers_case, made.strips_accents = normalizer->strips_accents;
  made.unknown = model.vocabulary().find(model.options().unknown);
  for (std::size_t id = 0; id < made.tokens.size(); ++id) {
    std::string& token = made.tokens[id];
    if (made.types[id] != sentencepiece_type::normal || (token.starts_with('[') && token.ends_with(']'))) continue;
    if (token.starts_with(usual.continuing_prefix)) token.erase(0, usual.continuing_prefix.size());
    else token.insert(0, sentencepiece_normalizer::space);
  }
  return {};
}

inline std::string describe(gguf_vocabulary&, const tokenizer_parts&, const word_level_model&) {
  return "a vocabulary of whole words";
}

}  // namespace typeformer::detail
