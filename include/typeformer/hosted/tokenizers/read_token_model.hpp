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
#include <typeformer/hosted/tokenizers/json_fields.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_json_events.hpp>
#include <typeformer/text/tokenizer_parts.hpp>

namespace typeformer {

namespace detail {

inline result<std::vector<bpe_model::merge_texts>, tokenizer_error> read_merges(const tokenizer_lists& lists) {
  std::vector<bpe_model::merge_texts> merges;
  const auto text = [&](std::size_t number) {
    return lists.text(lists.merges[number].first, lists.merges[number].second);
  };
  const std::size_t step = lists.has_pairs ? 2 : 1;  // files were written without pairs before 2024
  if (lists.merges.size() % step != 0) return failure{tokenizer_error{"merges: a pair of tokens is not complete"}};
  merges.reserve(lists.merges.size() / step);
  for (std::size_t i = 0; i < lists.merges.size(); i += step) {
    if (lists.has_pairs) {
      merges.push_back({text(i), text(i + 1)});
      continue;
    }
    const std::size_t space = text(i).find(' ');
    if (space == std::string_view::npos || text(i).find(' ', space + 1) != std::string_view::npos)
      return failure{
          tokenizer_error{"merge " + std::to_string(i) + ": expected two tokens, found " + quoted_name(text(i))}};
    merges.push_back({text(i).substr(0, space), text(i).substr(space + 1)});
  }
  return merges;
}

inline std::string type_of_model(json_reader& json, const json_node& object, const tokenizer_lists& lists) {
  const std::string type = json.string(object, "type", "");
  if (!type.empty()) return type;  // old files do not say it
  if (lists.is_scored) return "Unigram";
  if (!lists.merges.empty()) return "BPE";
  return json.find(object, "continuing_subword_prefix") != nullptr ? "WordPiece" : "WordLevel";
}

}  // namespace detail

/// The model of a `tokenizer.json`. `takes_bytes`: the steps before it leave the spelling of bytes to it.
inline result<token_model, tokenizer_error> read_token_model(json_reader& json, const json_node& object,
                                                             const tokenizer_lists& lists, bool takes_bytes) {
  const std::string type = detail::type_of_model(json, object, lists);
  token_vocabulary vocabulary;
  std::vector<double> scores;
  for (std::size_t i = 0; i < lists.vocabulary.size(); ++i) {
    const auto& each = lists.vocabulary[i];
    const std::int64_t id = lists.is_scored ? static_cast<std::int64_t>(i) : each.id;
    if (const auto added = vocabulary.add(lists.text(each.begin, each.size), id); !added) return failure{added.error()};
    if (lists.is_scored) scores.push_back(each.score);
  }
  const auto model_of = [&](auto made) -> result<token_model, tokenizer_error> {
    if (!made) return failure{made.error()};
    if (!json.ok()) return failure{tokenizer_error{json.problem()}};
    return result<token_model, tokenizer_error>(token_model{std::move(*made)});
  };
  if ((type == "Unigram") != lists.is_scored)
    return failure{tokenizer_error{"vocab: expected " + std::string(lists.is_scored ? "ids" : "scores") + " for " +
                                   quoted_name(type)}};
  if (type == "BPE") {
    if (const json_node* const dropout = json.find(object, "dropout");
        dropout != nullptr && (dropout->integer != 0 || dropout->number != 0))
      return failure{tokenizer_error{"dropout is not supported"}};
    bpe_options options;
    if (json.find(object, "unk_token") != nullptr) options.unknown = json.string(object, "unk_token", "");
    options.continuing_prefix = json.string(object, "continuing_subword_prefix", "");
    options.end_suffix = json.string(object, "end_of_word_suffix", "");
    options.fuses_unknown = json.boolean(object, "fuse_unk", false);
    options.falls_back_to_bytes = json.boolean(object, "byte_fallback", false);
    options.ignores_merges = json.boolean(object, "ignore_merges", false);
    options.is_byte_level =
        takes_bytes && options.continuing_prefix.empty() && options.end_suffix.empty() && !options.falls_back_to_bytes;
    const auto merges = detail::read_merges(lists);
    if (!merges) return failure{merges.error()};
    return model_of(bpe_model::make(std::move(vocabulary), *merges, std::move(options)));
  }
  if (type == "WordPiece") {
    wordpiece_options options;
    options.unknown = json.string(object, "unk_token", "[UNK]");
    options.continuing_prefix = json.string(object, "continuing_subword_prefix", "##");
    const std::int64_t longest = json.integer(object, "max_input_chars_per_word", 100);
    options.longest_word = longest < 0 ? 0 : static_cast<std::size_t>(longest);
    return model_of(wordpiece_model::make(std::move(vocabulary), std::move(options)));
  }
  if (type == "WordLevel")
    return model_of(result<word_level_model, tokenizer_error>(
        word_level_model{std::move(vocabulary), json.string(object, "unk_token", "<unk>")}));
  if (type == "Unigram")
    return model_of(unigram_model::make(std::move(vocabulary), std::move(scores),
                                        json.integer(object, "unk_id", token_vocabulary::none),
                                        json.boolean(object, "byte_fallback", false)));
  return failure{tokenizer_error{"the model " + quoted_name(type) + " is not supported"}};
}

}  // namespace typeformer
