// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/gguf_metadata.hpp>
#include <typeformer/text/sentencepiece_pieces.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

namespace detail {

/// Reads the keys of a vocabulary. The first problem is kept; after it all values are empty.
class gguf_vocabulary_keys {
 public:
  explicit gguf_vocabulary_keys(const gguf_metadata& metadata) : metadata_{metadata} {}

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  bool has(std::string_view key) const { return metadata_.find(key) != nullptr; }
  void reject(std::string_view key, const std::string& problem) {
    if (ok()) problem_ = "key " + quoted_name(key) + ": " + problem;
  }

  std::string text(std::string_view key) { return has(key) ? std::string(taken(metadata_.text(key))) : std::string{}; }
  std::optional<bool> boolean(std::string_view key) {
    return has(key) ? std::optional{taken(metadata_.boolean(key))} : std::nullopt;
  }
  std::vector<std::string_view> texts(std::string_view key) { return taken(metadata_.texts(key)); }
  /// A number for each of `count` tokens, or none if the key is absent.
  std::vector<double> numbers(std::string_view key, std::size_t count) {
    if (!has(key)) return {};
    std::vector<double> all = taken(metadata_.numbers(key));
    if (ok() && all.size() != count)
      reject(key,
             "expected " + std::to_string(count) + " numbers, one for each token, found " + std::to_string(all.size()));
    return all;
  }
  /// The id of a token, or `otherwise` if the key is absent; -1, which some converters write as 32 bits, is none.
  std::int32_t id(std::string_view key, std::size_t count, std::int32_t otherwise) {
    constexpr std::int64_t absent = 0xFFFF'FFFF;
    if (!has(key)) return otherwise < static_cast<std::int64_t>(count) ? otherwise : token_vocabulary::none;
    const std::int64_t found = taken(metadata_.integer(key));
    if (found == absent || found == token_vocabulary::none) return token_vocabulary::none;
    if (found >= 0 && static_cast<std::uint64_t>(found) < count) return static_cast<std::int32_t>(found);
    reject(key, "expected the id of one of " + std::to_string(count) + " tokens, found " + std::to_string(found));
    return token_vocabulary::none;
  }

 private:
  template <class T> T taken(result<T, file_error> read) {
    if (read) return std::move(*read);
    if (ok()) problem_ = read.error().message();
    return {};
  }

  const gguf_metadata& metadata_;
  std::string problem_;
};

}  // namespace detail

/// The vocabulary of a GGUF file under `tokenizer.ggml.` (ggml, docs/gguf.md), as its keys say it.
struct gguf_vocabulary {
  std::string model;     ///< `llama`, `gpt2`, `bert`, `t5`
  std::string splitter;  ///< of byte-level words: `tokenizer.ggml.pre`
  std::vector<std::string> tokens;
  std::vector<float> scores;              ///< one for each token, or none
  std::vector<sentencepiece_type> types;  ///< one for each token
  std::vector<std::string> merges;        ///< two tokens with a space between
  std::string charsmap;                   ///< see `charsmap`
  static constexpr std::int32_t none = token_vocabulary::none;
  std::int32_t begin = none, end = none, unknown = none, separator = none, classification = none, mask = none;
  std::int32_t padding = none, turn_end = none, message_end = none;
  std::optional<bool> adds_begin, adds_end, adds_separator, adds_space, removes_extra_spaces, lowers_case,
      strips_accents;

  /// The id of a token by its text, or `token_vocabulary::none`.
  std::int32_t find(std::string_view text) const {
    for (std::size_t id = 0; id < tokens.size(); ++id)
      if (tokens[id] == text) return static_cast<std::int32_t>(id);
    return token_vocabulary::none;
  }

  /// The tokens that end a text, as llama.cpp finds them: those of keys, and those of texts that published models have.
  std::vector<std::int32_t> ends() const {
    constexpr std::string_view texts[] = {"<|eot_id|>",    "<|im_end|>",      "<|end|>",     "<end_of_turn>",
                                          "<|endoftext|>", "<|end_of_text|>", "<EOT>",       "_<EOT>",
                                          "<|return|>",    "<|call|>",        "<|eom_id|>",  "<end_of_utterance>",
                                          "<|fim_pad|>",   "<|repo_name|>",   "<|file_sep|>"};
    std::vector<std::int32_t> all;
    const auto add = [&](std::int32_t id) {
      if (id != none && std::ranges::find(all, id) == all.end()) all.push_back(id);
    };
    add(end), add(turn_end), add(message_end);
    for (std::size_t id = 0; id < tokens.size(); ++id)
      if (std::ranges::find(texts, tokens[id]) != std::end(texts)) add(static_cast<std::int32_t>(id));
    return all;
  }

  /// Errors: a key that is missing or of another type; lists of different lengths; an id without a token; a type of
  /// token that is not known; a score that is not finite. They name the key.
  static result<gguf_vocabulary, tokenizer_error> read(const gguf_metadata& metadata) noexcept {
    detail::gguf_vocabulary_keys keys{metadata};
    gguf_vocabulary made;
    made.model = keys.text("tokenizer.ggml.model");
    made.splitter = keys.text("tokenizer.ggml.pre");
    for (const std::string_view token : keys.texts("tokenizer.ggml.tokens"))  // llama.cpp's name of an empty one
      made.tokens.push_back(token.empty() ? "[EMPTY_" + std::to_string(made.tokens.size()) + "]" : std::string(token));
    const std::size_t count = made.tokens.size();
    if (keys.has("tokenizer.ggml.merges"))
      for (const std::string_view merge : keys.texts("tokenizer.ggml.merges")) made.merges.emplace_back(merge);
    for (const double score : keys.numbers("tokenizer.ggml.scores", count))
      made.scores.push_back(static_cast<float>(score));
    made.types.assign(count, sentencepiece_type::normal);
    const auto types = keys.numbers("tokenizer.ggml.token_type", count);
    for (std::size_t id = 0; id < types.size() && keys.ok(); ++id) {
      if (!(types[id] >= 0 && types[id] <= 6))
        keys.reject("tokenizer.ggml.token_type", "token " + std::to_string(id) + ": expected a type from 0 to 6");
      else if (types[id] != 0)  // undefined
        made.types[id] = static_cast<sentencepiece_type>(types[id]);
    }
    if (const gguf_value* const rules = metadata.find("tokenizer.ggml.precompiled_charsmap")) {
      const auto type = rules->element_type();
      if (type == gguf_type::uint8 || type == gguf_type::int8)
        rules->for_each([&](const gguf_value& byte) { made.charsmap += static_cast<char>(*byte.integer()); });
      else keys.reject("tokenizer.ggml.precompiled_charsmap", "expected an array of bytes");
    }
    made.read_special(keys);
    if (!keys.ok()) return failure{tokenizer_error{keys.problem()}};
    return result<gguf_vocabulary, tokenizer_error>(std::move(made));
  }

 private:
  void read_special(detail::gguf_vocabulary_keys& keys) {
    const std::size_t count = tokens.size();
    // Where a key is absent, llama.cpp takes the id that the first models of the kind had.
    const bool is_llama = model == "llama", is_t5 = model == "t5";
    begin = keys.id("tokenizer.ggml.bos_token_id", count, is_llama ? 1 : none);
    end = keys.id("tokenizer.ggml.eos_token_id", count, is_llama ? 2 : is_t5 ? 1 : none);
    unknown = keys.id("tokenizer.ggml.unknown_token_id", count, is_llama ? 0 : is_t5 ? 2 : none);
    separator = keys.id("tokenizer.ggml.seperator_token_id", count, none);  // so the files spell it
    if (separator == none) separator = keys.id("tokenizer.ggml.separator_token_id", count, none);
    classification = keys.id("tokenizer.ggml.cls_token_id", count, none);
    mask = keys.id("tokenizer.ggml.mask_token_id", count, none);
    padding = keys.id("tokenizer.ggml.padding_token_id", count, none);
    turn_end = keys.id("tokenizer.ggml.eot_token_id", count, none);
    message_end = keys.id("tokenizer.ggml.eom_token_id", count, none);
    adds_begin = keys.boolean("tokenizer.ggml.add_bos_token");
    adds_end = keys.boolean("tokenizer.ggml.add_eos_token");
    adds_separator = keys.boolean("tokenizer.ggml.add_sep_token");
    adds_space = keys.boolean("tokenizer.ggml.add_space_prefix");
    removes_extra_spaces = keys.boolean("tokenizer.ggml.remove_extra_whitespaces");
    lowers_case = keys.boolean("tokenizer.ggml.normalizer.lowercase");
    strips_accents = keys.boolean("tokenizer.ggml.normalizer.strip_accents");
  }
};

}  // namespace typeformer
