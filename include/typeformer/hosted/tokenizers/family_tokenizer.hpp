// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_families.hpp>
#include <typeformer/hosted/tokenizers/tokenizer_settings.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer.hpp>

namespace typeformer {

namespace detail {

/// The ids of special tokens, and the first text that is no token.
class special_ids {
 public:
  explicit special_ids(const tokenizer& of) : of_{of} {}
  std::vector<std::int32_t> operator()(std::initializer_list<std::string_view> texts) {
    std::vector<std::int32_t> ids;
    for (const std::string_view text : texts) {
      if (text.empty()) continue;
      const auto id = of_.id_of(text);
      if (id) ids.push_back(*id);
      else if (missing_.empty()) missing_ = text;
    }
    return ids;
  }
  std::string_view missing() const { return missing_; }

 private:
  const tokenizer& of_;
  std::string_view missing_;
};

inline post_processors::template_processing template_of_pair(const std::vector<std::int32_t>& begin,
                                                             const std::vector<std::int32_t>& end, pair_form form) {
  post_processors::template_processing made;
  const auto put = [](auto& to, const std::vector<std::int32_t>& ids, std::int32_t type) {
    if (!ids.empty()) to.push_back({-1, type, ids});
  };
  put(made.single, begin, 0), made.single.push_back({0, 0}), put(made.single, end, 0);
  const std::int32_t second = form == pair_form::segments || form == pair_form::repeated ? 1 : 0;
  put(made.pair, begin, 0), made.pair.push_back({0, 0});
  if (form != pair_form::joined) put(made.pair, end, 0);
  if (form == pair_form::doubled) put(made.pair, end, 0);
  if (form == pair_form::repeated) put(made.pair, begin, second);
  made.pair.push_back({1, second}), put(made.pair, end, second);
  return made;
}

/// By the beginnings of `tokenizer_class`, or where there is none of `model_type`. An empty beginning is that of none.
inline bool is_of(const tokenizer_settings& settings, std::string_view in_class, std::string_view in_type) {
  if (!settings.tokenizer_class.empty()) return !in_class.empty() && settings.tokenizer_class.starts_with(in_class);
  return !in_type.empty() && settings.model_type.starts_with(in_type);
}

/// ALBERT's steps before SentencePiece's: quotes, and accents and capitals unless the settings keep them.
inline void add_albert_steps(tokenizer_parts& parts, const tokenizer_settings& settings) {
  namespace steps = normalizers;
  std::vector<steps::step> made;
  for (const char* const quotes : {"``", "\'\'"})
    made.push_back(steps::replace{text_pattern{std::string(quotes)}, "\""});
  if (!settings.keeps_accents)
    made.push_back(steps::form{normalization_form::nfkd}), made.push_back(steps::strip_accents{});
  if (settings.lowers_case) made.push_back(steps::lowercase{});
  parts.normalizers.insert(parts.normalizers.begin(), made.begin(), made.end());
}

/// Qwen's splitter, in the place of GPT-2's.
inline void set_qwen_splitter(tokenizer_parts& parts) {
  parts.normalizers = {normalizers::form{normalization_form::nfc}};
  parts.pre_tokenizers.clear();
  if (const auto qwen = published_splitter::of(published_splitter::qwen2))
    parts.pre_tokenizers.push_back(pre_tokenizers::split{text_pattern{*qwen}});
  parts.pre_tokenizers.push_back(
      pre_tokenizers::byte_level{.adds_space = false, .splits = false, .spells_bytes = false});
}

}  // namespace detail

/// A tokenizer with the special tokens of its family around texts and found in texts. Without a family, with the tokens
/// of beginning and end that the settings ask for. Error: one of them is not in the vocabulary.
inline result<tokenizer, tokenizer_error> family_tokenizer(tokenizer made,
                                                           const tokenizer_settings& settings) noexcept {
  const tokenizer_family none{};
  const tokenizer_family& family = settings.family == nullptr ? none : *settings.family;
  detail::special_ids find{made};
  const std::string_view source = settings.language.empty() ? std::string_view{"en_XX"} : settings.language;
  const auto text_of = [&](std::string_view token) { return token == tokenizer_family::language ? source : token; };
  std::vector<std::int32_t> begin, end;
  pair_form form = family.pair;
  if (settings.family != nullptr) {
    begin = find({text_of(family.begin)});
    end = find({text_of(family.end), text_of(family.last)});
  } else {
    const bool is_gemma = detail::is_of(settings, "Gemma", "gemma");
    const std::string_view first = !settings.begin.empty() ? std::string_view{settings.begin}
                                   : is_gemma              ? "<bos>"
                                                           : "<s>";
    const bool is_usual = (is_gemma || detail::is_of(settings, "Llama", "llama") ||
                           detail::is_of(settings, "CodeLlama", "") || detail::is_of(settings, "", "mistral")) &&
                          std::holds_alternative<sentencepiece_model>(made.parts().model) && made.id_of(first);
    if (settings.adds_begin.value_or(is_usual)) begin = find({first});
    if (settings.adds_end.value_or(false)) end = find({settings.end});
    form = pair_form::repeated;
  }
  if (!find.missing().empty())
    return failure{tokenizer_error{"the special token " + quoted_name(find.missing()) + " is not in the vocabulary"}};
  tokenizer_parts parts = made.parts();
  if (family.name == "Albert") detail::add_albert_steps(parts, settings);
  if (settings.tokenizer_class.starts_with("Qwen2Tokenizer")) detail::set_qwen_splitter(parts);
  const bool has_special = !begin.empty() || !end.empty();
  if (!has_special && settings.added.empty()) return tokenizer{std::move(parts)};
  std::map<std::int32_t, added_token> added;
  for (const added_token& each : parts.added.all()) added[each.id] = each;
  for (added_token each : settings.added) {
    // SentencePiece's normalization adds a space, so tokens are found in the text itself.
    each.is_normalized = each.is_normalized && !std::holds_alternative<sentencepiece_model>(parts.model);
    if (each.is_normalized) each.normalized = normalized_text(each.text, parts.normalizers);
    added[each.id] = std::move(each);
  }
  const auto add = [&](std::string_view text) {
    const auto id = made.id_of(text);
    const bool is_mask = text == "<mask>" || text == "[MASK]";
    if (id)
      added.try_emplace(*id, added_token{.id = *id,
                                         .text = std::string(text),
                                         .strips_left = is_mask && family.mask_strips_left,
                                         .is_special = true});
  };
  const bool has_brackets = family.begin.starts_with('[');
  const bool lacks_begin = family.order == piece_order::t5 || family.order == piece_order::pegasus;
  for (const std::string_view text : {"<s>", "<mask>", "</s>", "<pad>", "<unk>", "<mask_1>", "<mask_2>", "[CLS]",
                                      "[SEP]", "[PAD]", "[UNK]", "[MASK]"})
    if (!has_special) break;
    else if (text.starts_with('[') ? has_brackets : !(lacks_begin && (text == "<s>" || text == "<mask>"))) add(text);
  for (const auto& ids : {begin, end})
    for (const std::int32_t id : ids) add(*made.token(id));
  if (family.order == piece_order::t5)
    for (std::int64_t i = 0; i < settings.extra_tokens; ++i) add("<extra_id_" + std::to_string(i) + ">");
  std::vector<added_token> all;
  for (auto& [id, token] : added) all.push_back(std::move(token));
  parts.added = added_tokens{std::move(all)};
  if (has_special) parts.post_processors.push_back(detail::template_of_pair(begin, end, form));
  return tokenizer{std::move(parts)};
}

}  // namespace typeformer
