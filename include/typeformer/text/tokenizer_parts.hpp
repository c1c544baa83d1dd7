// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/text/added_tokens.hpp>
#include <typeformer/text/bpe_model.hpp>
#include <typeformer/text/decoders.hpp>
#include <typeformer/text/normalizers.hpp>
#include <typeformer/text/post_processors.hpp>
#include <typeformer/text/pre_tokenizers.hpp>
#include <typeformer/text/sentencepiece_model.hpp>
#include <typeformer/text/token_encoding.hpp>
#include <typeformer/text/truncation.hpp>
#include <typeformer/text/unigram_model.hpp>
#include <typeformer/text/wordpiece_model.hpp>

namespace typeformer {

/// What splits words into tokens.
using token_model = std::variant<bpe_model, wordpiece_model, word_level_model, unigram_model, sentencepiece_model>;

inline const token_vocabulary& vocabulary_of(const token_model& model) {
  return std::visit([](const auto& each) -> const token_vocabulary& { return each.vocabulary(); }, model);
}

/// A text after normalization steps.
inline std::string normalized_text(std::string_view text, const std::vector<normalizers::step>& steps) {
  aligned_text changed{text, 0, false};
  for (const normalizers::step& step : steps)
    std::visit([&](const auto& what) { normalizers::apply(what, changed); }, step);
  return std::move(changed.text);
}

/// What a tokenizer consists of, in the order in which a text passes it.
struct tokenizer_parts {
  token_model model;
  added_tokens added{};
  std::vector<normalizers::step> normalizers{};
  std::vector<pre_tokenizers::step> pre_tokenizers{};
  std::vector<post_processors::step> post_processors{};
  std::vector<decoders::step> decoders{};
  bool joins_with_spaces = true;  ///< decoded tokens, if there is no decoder
  std::optional<truncation_options> truncation{};
  std::optional<padding_options> padding{};
};

}  // namespace typeformer
