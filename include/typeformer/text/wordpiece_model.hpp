// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/piece_trie.hpp>
#include <typeformer/text/prefix_search.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/token_vocabulary.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

struct wordpiece_options {
  std::string unknown = "[UNK]";
  std::string continuing_prefix = "##";
  std::size_t longest_word = 100;  ///< in characters; longer ones are unknown
};

/// WordPiece of words (`WordPiece` of Hugging Face): the longest token at each place, from left to right.
class wordpiece_model {
 public:
  /// Error: the unknown token is not in the vocabulary.
  static result<wordpiece_model, tokenizer_error> make(token_vocabulary vocabulary,
                                                       wordpiece_options options) noexcept {
    const std::int32_t unknown = vocabulary.find(options.unknown);
    if (unknown == token_vocabulary::none)
      return failure{
          tokenizer_error{"unk_token: the token " + quoted_name(options.unknown) + " is not in the vocabulary"}};
    wordpiece_model model;
    std::vector<prefix_search::numbered_text> first, others;
    for (std::int32_t id = 0; id < vocabulary.ids_end(); ++id) {
      const auto text = vocabulary.text(id);
      if (!text || vocabulary.find(*text) != id) continue;
      first.push_back({std::string(*text), id});
      if (text->starts_with(options.continuing_prefix))
        others.push_back({std::string(text->substr(options.continuing_prefix.size())), id});
    }
    model.first_ = prefix_search{std::move(first)};
    model.others_ = prefix_search{std::move(others)};
    model.unknown_id_ = unknown;
    model.vocabulary_ = std::move(vocabulary);
    model.options_ = std::move(options);
    return result<wordpiece_model, tokenizer_error>(std::move(model));
  }

  const token_vocabulary& vocabulary() const { return vocabulary_; }
  const wordpiece_options& options() const { return options_; }

  void encode(std::string_view word, std::vector<word_piece>& pieces) const {
    const std::size_t before = pieces.size();
    std::size_t characters = 0;
    if (word.size() > options_.longest_word)
      visit_characters(word, [&](char32_t, std::size_t, std::size_t) { ++characters; });
    bool is_known = characters <= options_.longest_word;
    for (std::size_t at = 0; is_known && at < word.size();) {
      const auto found = (at == 0 ? first_ : others_).longest_match(word.substr(at));
      is_known = found.size > 0;
      pieces.push_back({found.id, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + found.size)});
      at += found.size;
    }
    if (is_known) return;
    pieces.resize(before);
    pieces.push_back({unknown_id_, 0, static_cast<std::uint32_t>(word.size())});
  }

 private:
  wordpiece_model() = default;

  token_vocabulary vocabulary_;
  prefix_search first_, others_;
  std::int32_t unknown_id_ = token_vocabulary::none;
  wordpiece_options options_;
};

/// Words that are tokens (`WordLevel` of Hugging Face).
class word_level_model {
 public:
  explicit word_level_model(token_vocabulary vocabulary, std::string_view unknown)
      : vocabulary_{std::move(vocabulary)}, unknown_id_{vocabulary_.find(unknown)} {}

  const token_vocabulary& vocabulary() const { return vocabulary_; }

  /// An unknown word is left out if the unknown token is not in the vocabulary.
  void encode(std::string_view word, std::vector<word_piece>& pieces) const {
    const std::int32_t found = vocabulary_.find(word), id = found == token_vocabulary::none ? unknown_id_ : found;
    if (id != token_vocabulary::none) pieces.push_back({id, 0, static_cast<std::uint32_t>(word.size())});
  }

 private:
  token_vocabulary vocabulary_;
  std::int32_t unknown_id_;
};

}  // namespace typeformer
