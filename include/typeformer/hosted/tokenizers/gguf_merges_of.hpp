// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <typeformer/hosted/tokenizers/gguf_pieces_of.hpp>
#include <typeformer/hosted/tokenizers/gguf_splitter_of.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/text/tokenizer_parts.hpp>

namespace typeformer::detail {

struct ranked_merge {
  std::uint32_t rank;
  std::int32_t left, right, merged;
};
inline std::vector<ranked_merge> ranked_merges(const bpe_model& model) {
  std::vector<ranked_merge> all;
  model.merges().for_each([&](std::int32_t left, std::int32_t right, merge_table::merge what) {
    all.push_back({what.rank, left, right, what.id});
  });
  std::ranges::sort(all, {}, &ranked_merge::rank);
  return all;
}

/// Whether GGUF's splitters may let a token take the space before it.
inline bool is_mask(const added_token& token) { return token.text == "<mask>" || token.text == "[MASK]"; }

inline std::string describe_bytes(gguf_vocabulary& made, const tokenizer_parts& from, const bpe_model& model) {
  made.model = "gpt2";
  gguf_splitter wanted{.name = {}, .ignores_merges = model.options().ignores_merges};
  for (const normalizers::step& step : from.normalizers) {
    const auto* const form = std::get_if<normalizers::form>(&step);
    if (form == nullptr || form->to != normalization_form::nfc || wanted.composes) return "its normalizer";
    wanted.composes = true;
  }
  for (const added_token& token : from.added.all())
    if (token.strips_left && is_mask(token)) wanted.mask_strips_left = true, made.mask = token.id;
  const found_splitter found = gguf_splitter_of(from.pre_tokenizers, wanted);
  if (found.splitter == nullptr) return "how it splits words";
  made.splitter = found.splitter->name;
  if (found.adds_space) made.adds_space = true;
  const auto text = [&](std::int32_t id) { return std::string(*model.vocabulary().text(id)); };
  for (const ranked_merge& each : ranked_merges(model)) made.merges.push_back(text(each.left) + " " + text(each.right));
  return {};
}

/// SentencePiece's BPE as Hugging Face writes it: the merges are in the order of the scores of what they make.
inline std::string describe_scores(gguf_vocabulary& made, const tokenizer_parts& from, const bpe_model& model) {
  const bpe_options& options = model.options();
  if (!options.unknown || !options.falls_back_to_bytes || options.ignores_merges) return "its byte-pair encoding";
  made.model = "llama";
  made.adds_space = false;
  bool escapes = false;
  for (const normalizers::step& step : from.normalizers) {
    const auto* const replaced = std::get_if<normalizers::replace>(&step);
    const auto* const prepended = std::get_if<normalizers::prepend>(&step);
    const std::string* const text = replaced ? replaced->pattern.as_text() : nullptr;
    if (prepended && prepended->text == sentencepiece_normalizer::space && !escapes) made.adds_space = true;
    else if (text && *text == " " && replaced->text == sentencepiece_normalizer::space) escapes = true;
    else return "its normalizer";
  }
  for (const pre_tokenizers::step& step : from.pre_tokenizers) {
    const auto* const spaces = std::get_if<pre_tokenizers::metaspace>(&step);
    const auto* const split = std::get_if<pre_tokenizers::split>(&step);
    const std::string* const text = split ? split->pattern.as_text() : nullptr;
    if (text && *text == " " && escapes) continue;  // there are no spaces any more
    if (!spaces || escapes || spaces->splits || spaces->replacement != sentencepiece_normalizer::space)
      return "how it splits words";
    escapes = true, made.adds_space = spaces->prepends != pre_tokenizers::prepend_scheme::never;
  }
  if (!escapes) return "words without spaces";
  made.scores.assign(made.tokens.size(), 0);
  for (const ranked_merge& each : ranked_merges(model))
    if (float& score = made.scores[static_cast<std::size_t>(each.merged)]; score == 0)
      score = -1 - static_cast<float>(each.rank);
  return describe_pieces(made, from, model.vocabulary().find(*options.unknown), made.tokens.size()), std::string{};
}

inline std::string describe(gguf_vocabulary& made, const tokenizer_parts& from, const bpe_model& model) {
  if (!model.options().continuing_prefix.empty() || !model.options().end_suffix.empty())
    return "parts of words that are marked";
  return model.is_byte_level() ? describe_bytes(made, from, model) : describe_scores(made, from, model);
}

}  // namespace typeformer::detail
