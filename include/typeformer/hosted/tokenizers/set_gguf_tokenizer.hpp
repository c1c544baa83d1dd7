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
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/huggingface_config.hpp>
#include <typeformer/hosted/tokenizers/gguf_tokenizer.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary_of.hpp>
#include <typeformer/hosted/tokenizers/load_chat_template.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>
#include <typeformer/hosted/tokenizers/set_gguf_vocabulary.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

/// How a GGUF file holds a tokenizer: by keys that llama.cpp reads, by these and the `tokenizer.json`, which says more, or
/// by the `tokenizer.json` alone, which llama.cpp does not read.
enum class gguf_tokenizer_form { keys, keys_and_json, json };

namespace detail {

/// Texts in which tokenizers differ.
inline std::vector<std::string> telling_texts(const tokenizer& of) {
  constexpr std::string_view plain[] = {
      "",
      " ",
      "Hello, World! It's 1234567 o'clock; they'LL say I\u2019ve DONE it.",
      "  two  spaces\tand a tab\n\n\n line ends \r\n  ",
      "caf\u00E9 cafe\u0301 \u00C5ngstr\u00F6m \uFB01ne \u2460 \uFF21\uFF22\uFF23 \u00BD \u2167 \u0130",
      "\u4F60\u597D\u4E16\u754C\u3002 \u3053\u3093\u306B\u3061\u306F \uC548\uB155 \u0645\u0631\u062D\u0628\u0627 "
      "\u0928\u092E\u0938\u094D\u0924\u0947 \u041F\u0440\u0438\u0432\u0435\u0442 \u0661\u0662\u0663",
      "\U0001F600\U0001F44D\U0001F3FD \u200D\u200B\u00A0\u3000\uFEFF \x01",
      "def f(x_1): return x_1 ** 2 + $3.50 <= ~`^|\\ \"q\" ``r'' -> 10%",
      "unbelievablyuncharacteristicallyantidisestablishmentarianism http://a.b/c?d=e&f=g"};
  std::vector<std::string> all(std::begin(plain), std::end(plain));
  constexpr std::size_t most_tokens = 64;
  for (const added_token& each : of.parts().added.all()) {
    if (all.size() > std::size(plain) + most_tokens) break;
    all.push_back("one" + each.text + "two " + each.text + " three");
  }
  return all;
}

/// Whether the tokenizer of a vocabulary does the same to these texts.
inline bool says_all(const gguf_vocabulary& vocabulary, tokenizer one) {
  auto other = gguf_tokenizer(vocabulary);
  if (!other) return false;
  for (const added_token& each : one.parts().added.all()) {
    const added_token* const same = other->parts().added.find(each.id);
    if (each.is_single_word || each.strips_right || (each.strips_left && !(same && same->strips_left))) return false;
  }
  for (tokenizer* const each : {&one, &*other}) each->set_truncation({}), each->set_padding({});
  for (const std::string& text : telling_texts(one)) {
    const auto ids = one.encode_ids(text), others = other->encode_ids(text);
    if (!ids || !others || *ids != *others) return false;
    const auto pair = one.encode_pair(text, "and b"), other_pair = other->encode_pair(text, "and b");
    if (!pair || !other_pair || pair->ids != other_pair->ids) return false;
    const bool has_unknown = std::ranges::find(*ids, vocabulary.unknown) != ids->end();  // which is spelled differently
    if (!has_unknown && one.decode(*ids, true) != other->decode(*ids, true)) return false;
  }
  return true;
}

/// Sets the special tokens that the vocabulary does not have yet: by texts of the tokenizer's files, or else by ids of the
/// model's. Padding is what the model says, which counts positions after it.
inline void add_special_ids(gguf_vocabulary& made, const tokenizer& from, const chat_settings& texts,
                            const std::optional<json_config>& config) {
  constexpr std::pair<std::string_view, std::int32_t gguf_vocabulary::*> all[] = {
      {"bos", &gguf_vocabulary::begin},          {"eos", &gguf_vocabulary::end},
      {"unk", &gguf_vocabulary::unknown},        {"sep", &gguf_vocabulary::separator},
      {"cls", &gguf_vocabulary::classification}, {"mask", &gguf_vocabulary::mask},
      {"pad", &gguf_vocabulary::padding}};
  for (const auto& [name, member] : all) {
    std::int32_t by_text = gguf_vocabulary::none, by_id = gguf_vocabulary::none;
    for (const auto& [key, text] : texts.texts)
      if (key == std::string(name) + "_token") by_text = from.id_of(text).value_or(gguf_vocabulary::none);
    const std::string key = std::string(name) + "_token_id";
    const auto size = static_cast<std::int64_t>(made.tokens.size());
    for (const std::string& each : {key, key + ".0"})
      if (const auto id = config ? config->integer(each, -1) : std::int64_t{-1}; id && *id >= 0 && *id < size)
        by_id = static_cast<std::int32_t>(*id);
    const bool prefers_id = member == &gguf_vocabulary::padding;
    for (const std::int32_t id : {prefers_id ? by_id : by_text, prefers_id ? by_text : by_id})
      if (made.*member == gguf_vocabulary::none) made.*member = id;
  }
}

}  // namespace detail

/// Sets the tokenizer of a folder as hubs have it, and its chat template, in the metadata of a GGUF file, so that the file
/// alone runs. `size` is the number of the model's tokens, which may be more than the tokenizer has.
///
/// Some texts are tokenized to see whether GGUF's keys say all. Where they do not, the folder's `tokenizer.json` becomes
/// `tokenizer.huggingface.json`. Errors: those of `load_tokenizer` and `load_chat_template`; without a `tokenizer.json`,
/// those of `gguf_vocabulary_of`, and the file's tokenizer is not equal.
inline result<gguf_tokenizer_form, tokenizer_error> set_gguf_tokenizer(gguf_metadata_builder& metadata,
                                                                       const std::string& folder,
                                                                       std::int32_t size = 0) noexcept {
  const auto from = load_tokenizer(folder);
  if (!from) return failure{from.error()};
  chat_settings texts;
  const auto conversation = detail::find_chat_template(folder, texts);
  if (!conversation) return failure{conversation.error()};
  const auto config = detail::optional_json(folder + "/config.json");
  if (!config) return failure{config.error()};

  auto described = gguf_vocabulary_of(*from, size);
  gguf_vocabulary vocabulary;
  if (described) vocabulary = std::move(*described);
  else detail::describe_tokens(vocabulary, *from, size), vocabulary.model = "none";  // so llama.cpp calls it
  detail::add_special_ids(vocabulary, *from, texts, *config);
  const bool is_equal = described && detail::says_all(vocabulary, *from);
  const std::string whole = folder + "/tokenizer.json";
  if (!is_equal && !regular_file::exists(whole))
    return failure{tokenizer_error{
        printable(folder) + ": " +
        (described ? std::string("GGUF's words for the tokenizer make another one") : described.error().message())}};
  set_gguf_vocabulary(metadata, vocabulary);
  if (*conversation) metadata.set("tokenizer.chat_template", std::string_view((*conversation)->text));
  if (is_equal) return gguf_tokenizer_form::keys;
  const auto json = bytes_of_regular_file(whole, largest_tokenizer_json);
  if (!json) return failure{tokenizer_error{printable(whole) + ": " + json.error()}};
  metadata.set("tokenizer.huggingface.json", std::string_view(*json));
  return described ? gguf_tokenizer_form::keys_and_json : gguf_tokenizer_form::json;
}

}  // namespace typeformer
