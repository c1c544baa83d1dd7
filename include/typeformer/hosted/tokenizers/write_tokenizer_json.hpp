// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/tokenizers/json_quoted.hpp>
#include <typeformer/text/learn_bpe.hpp>
#include <typeformer/text/learn_unigram.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/wordpiece.hpp>

namespace typeformer {

namespace detail {

inline std::string added_token_json(std::size_t id, std::string_view token) {
  return "    {\"id\": " + std::to_string(id) + ", \"content\": " + json_quoted(token) +
         ", \"single_word\": false, \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}";
}
inline std::string tokenizer_json_begin(const std::vector<std::string>& special) {
  std::string json =
      "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n  \"added_tokens\": [\n";
  for (std::size_t id = 0; id < special.size(); ++id)
    (json += added_token_json(id, special[id])) += id + 1 < special.size() ? ",\n" : "\n";
  return json + "  ],\n";
}
inline std::string vocabulary_json(const std::vector<std::string>& pieces) {
  std::string json = "{\n";
  for (std::size_t id = 0; id < pieces.size(); ++id)
    json += "      " + json_quoted(pieces[id]) + ": " + std::to_string(id) + (id + 1 < pieces.size() ? ",\n" : "\n");
  return json + "    }";
}

}  // namespace detail

/// The `tokenizer.json` of a byte-level vocabulary, split as GPT-2 does. `special` are its first tokens.
inline std::string tokenizer_json_of(const learned_bpe& learned, const std::vector<std::string>& special) {
  constexpr std::string_view byte_level =
      R"({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true})";
  std::string json = detail::tokenizer_json_begin(special);
  json += "  \"normalizer\": null,\n";
  for (const char* const part : {"pre_tokenizer", "post_processor", "decoder"})
    ((((json += "  \"") += part) += "\": ") += byte_level) += ",\n";
  json +=
      "  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": null,\n"
      "    \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null,\n    \"fuse_unk\": false,\n"
      "    \"byte_fallback\": false,\n    \"ignore_merges\": false,\n    \"vocab\": ";
  json += detail::vocabulary_json(learned.pieces) + ",\n    \"merges\": [\n";
  for (std::size_t i = 0; i < learned.merges.size(); ++i) {
    const auto& [left, right] = learned.merges[i];
    json += "      [" + json_quoted(learned.pieces[static_cast<std::size_t>(left)]) + ", " +
            json_quoted(learned.pieces[static_cast<std::size_t>(right)]) + "]" +
            (i + 1 < learned.merges.size() ? ",\n" : "\n");
  }
  return json + "    ]\n  }\n}\n";
}

/// The `tokenizer.json` of a WordPiece vocabulary that begins with the special tokens of BERT, for `bert_words`.
inline std::string tokenizer_json_of(const wordpiece& learned, bool lowers_case) {
  std::vector<std::string> pieces, special;
  for (std::int32_t id = 0; id < learned.size(); ++id) pieces.emplace_back(*learned.piece(id));
  for (std::size_t id = 0; id < pieces.size() && pieces[id].starts_with('[') && pieces[id].size() > 1; ++id)
    special.push_back(pieces[id]);
  const std::string cls = std::to_string(learned.id_of(wordpiece::classification).value_or(0)),
                    sep = std::to_string(learned.id_of(wordpiece::separator).value_or(0));
  return detail::tokenizer_json_begin(special) +
         "  \"normalizer\": {\"type\": \"BertNormalizer\", \"clean_text\": true, \"handle_chinese_chars\": true, "
         "\"strip_accents\": null, \"lowercase\": " +
         (lowers_case ? "true" : "false") + "},\n" + "  \"pre_tokenizer\": {\"type\": \"BertPreTokenizer\"},\n" +
         "  \"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", " + sep +
         "], \"cls\": [\"[CLS]\", " + cls +
         "]},\n  \"decoder\": {\"type\": \"WordPiece\", \"prefix\": \"##\", \"cleanup\": true},\n" +
         "  \"model\": {\n    \"type\": \"WordPiece\",\n    \"unk_token\": \"[UNK]\",\n" +
         "    \"continuing_subword_prefix\": \"##\",\n    \"max_input_chars_per_word\": 100,\n    \"vocab\": " +
         detail::vocabulary_json(pieces) + "\n  }\n}\n";
}

/// The `tokenizer.json` of a unigram vocabulary, whose words begin with U+2581. Token 0 is the unknown one.
inline std::string tokenizer_json_of(const learned_unigram& learned, const std::vector<std::string>& special) {
  constexpr std::string_view metaspace =
      "{\"type\": \"Metaspace\", \"replacement\": \"\xE2\x96\x81\", \"prepend_scheme\": \"always\", \"split\": true}";
  std::string json = detail::tokenizer_json_begin(special);
  json += "  \"normalizer\": {\"type\": \"NFKC\"},\n  \"pre_tokenizer\": ";
  (json += metaspace) += ",\n  \"post_processor\": null,\n  \"decoder\": ";
  (json += metaspace) += ",\n  \"model\": {\n    \"type\": \"Unigram\",\n    \"unk_id\": 0,\n    \"vocab\": [\n";
  for (std::size_t id = 0; id < learned.size(); ++id)
    json += "      [" + json_quoted(learned[id].text) + ", " + exact_text(learned[id].score) + "]" +
            (id + 1 < learned.size() ? ",\n" : "\n");
  return json + "    ],\n    \"byte_fallback\": false\n  }\n}\n";
}

}  // namespace typeformer
