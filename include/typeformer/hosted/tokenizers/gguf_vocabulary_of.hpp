// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/tokenizers/gguf_merges_of.hpp>
#include <typeformer/hosted/tokenizers/gguf_pieces_of.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

namespace detail {

/// All tokens, and up to `size` ones that are never found.
inline void describe_tokens(gguf_vocabulary& made, const tokenizer& from, std::int32_t size) {
  for (std::int32_t id = 0; id < (std::max)(size, from.vocabulary_size()); ++id) {
    const auto text = from.token(id);
    const added_token* const added = from.parts().added.find(id);
    made.tokens.push_back(text ? std::string(*text) : "[PAD" + std::to_string(id) + "]");
    made.types.push_back(!text               ? sentencepiece_type::unused
                         : added == nullptr  ? sentencepiece_type::normal
                         : added->is_special ? sentencepiece_type::control
                                             : sentencepiece_type::user_defined);
  }
}

/// The special tokens around texts. Returns what GGUF has no words for.
inline std::string describe_post_processors(gguf_vocabulary& made, const tokenizer_parts& from) {
  const auto around = post_processors::ids_around(from.post_processors);
  if (!around || around->before.size() > 1 || around->after.size() > 1) return "the special tokens around a text";
  const bool is_bert = made.model == "bert", begins = !around->before.empty(), ends = !around->after.empty();
  if (begins) (is_bert ? made.classification : made.begin) = around->before[0];
  if (ends) (is_bert ? made.separator : made.end) = around->after[0];
  made.adds_begin = begins;
  (is_bert ? made.adds_separator : made.adds_end) = ends;
  if (is_bert || !ends) return {};
  for (const post_processors::step& step : from.post_processors) {
    std::size_t between = std::holds_alternative<post_processors::roberta>(step) ? 2 : 0;
    if (const auto* const pieces = std::get_if<post_processors::template_processing>(&step))
      for (bool is_between = false; const post_processors::template_piece& piece : pieces->pair) {
        if (piece.sequence >= 0) is_between = piece.sequence == 0;
        else if (is_between) between += piece.ids.size();
      }
    if (begins && between == 2 && !made.adds_separator) made.adds_separator = true;
  }
  return {};
}

}  // namespace detail

/// The vocabulary that a GGUF file has of a tokenizer, as llama.cpp's converter writes it (convert_hf_to_gguf.py).
/// `gguf_tokenizer` makes a tokenizer of it again. It has `size` tokens, or as many as the tokenizer. That an added token
/// takes the space beside it, or stands for a whole word, is not in it.
///
/// Errors: a part of the tokenizer for which GGUF has no words, by name.
inline result<gguf_vocabulary, tokenizer_error> gguf_vocabulary_of(const tokenizer& from,
                                                                   std::int32_t size = 0) noexcept {
  const tokenizer_parts& parts = from.parts();
  gguf_vocabulary made;
  detail::describe_tokens(made, from, size);
  std::string why = std::visit([&](const auto& model) { return detail::describe(made, parts, model); }, parts.model);
  if (why.empty()) why = detail::describe_post_processors(made, parts);
  if (!why.empty()) return failure{tokenizer_error{"GGUF has no words for " + why}};
  return result<gguf_vocabulary, tokenizer_error>(std::move(made));
}

}  // namespace typeformer
