// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/best_segmentation.hpp>
#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/token_vocabulary.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

/// Unigram segmentation of words (Kudo 2018, arXiv:1804.10959), as Hugging Face's `Unigram`: the tokens of the greatest
/// sum of scores. A run of unknown characters is one token.
class unigram_model {
 public:
  static constexpr double unknown_penalty = 10;

  /// `scores` are those of the ids from 0 on. `unknown_id` may be `token_vocabulary::none`. Errors: it is out of range;
  /// a score is not finite.
  static result<unigram_model, tokenizer_error> make(token_vocabulary vocabulary, std::vector<double> scores,
                                                     std::int64_t unknown_id, bool falls_back_to_bytes) noexcept {
    const auto size = static_cast<std::int64_t>(scores.size());
    if (unknown_id < token_vocabulary::none || unknown_id >= size)
      return failure{tokenizer_error{"unk_id: expected a number from 0 to " + std::to_string(size - 1) + ", found " +
                                     std::to_string(unknown_id)}};
    unigram_model model;
    double least = std::numeric_limits<double>::infinity();
    std::vector<prefix_search::numbered_text> texts;
    for (std::size_t id = 0; id < scores.size(); ++id) {
      if (!(scores[id] - scores[id] == 0))
        return failure{tokenizer_error{"the score of token " + std::to_string(id) + " is not finite"}};
      least = (std::min)(least, scores[id]);
      const auto text = vocabulary.text(static_cast<std::int32_t>(id));
      if (text && vocabulary.find(*text) == static_cast<std::int32_t>(id))
        texts.push_back({std::string(*text), static_cast<std::int32_t>(id)});
    }
    model.search_ = prefix_search{std::move(texts)};
    model.scores_ = std::move(scores);
    model.unknown_score_ = least - unknown_penalty;
    model.unknown_id_ = static_cast<std::int32_t>(unknown_id);
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (unsigned byte = 0; byte < 256; ++byte)
      model.fallback_ids_[byte] =
          falls_back_to_bytes ? vocabulary.find(std::string{'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'})
                              : token_vocabulary::none;
    model.vocabulary_ = std::move(vocabulary);
    return result<unigram_model, tokenizer_error>(std::move(model));
  }

  const token_vocabulary& vocabulary() const { return vocabulary_; }
  const std::vector<double>& scores() const { return scores_; }
  std::int32_t unknown_id() const { return unknown_id_; }

  /// Appends the tokens of a word. What is unknown is left out if there is no unknown token.
  void encode(std::string_view word, std::vector<word_piece>& pieces) const {
    const auto score_of = [this](std::int32_t id, std::size_t) { return scores_[static_cast<std::size_t>(id)]; };
    const auto parts = best_segmentation<double>(word, search_, score_of, unknown_score_, unknown_id_);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      word_piece part = parts[i];
      if (part.id == unknown_id_) {
        while (i + 1 < parts.size() && parts[i + 1].id == unknown_id_) part.end = parts[++i].end;
        add_unknown(word.substr(part.begin, part.end - part.begin), part, pieces);
      } else {
        pieces.push_back(part);
      }
    }
  }

 private:
  unigram_model() = default;

  void add_unknown(std::string_view text, word_piece part, std::vector<word_piece>& pieces) const {
    part.id = vocabulary_.find(text);
    const bool has_bytes = part.id == token_vocabulary::none && std::ranges::all_of(text, [&](char byte) {
                             return fallback_ids_[static_cast<unsigned char>(byte)] != token_vocabulary::none;
                           });
    if (has_bytes) {
      for (const char byte : text)
        pieces.push_back({fallback_ids_[static_cast<unsigned char>(byte)], part.begin, part.end});
      return;
    }
    if (part.id == token_vocabulary::none) part.id = unknown_id_;
    if (part.id != token_vocabulary::none) pieces.push_back(part);
  }

  token_vocabulary vocabulary_;
  prefix_search search_;
  std::vector<double> scores_;
  double unknown_score_ = 0;
  std::int32_t unknown_id_ = token_vocabulary::none;
  std::array<std::int32_t, 256> fallback_ids_{};
};

}  // namespace typeformer
