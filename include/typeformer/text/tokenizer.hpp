// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/detail/text_encoder.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/token_encoding.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/tokenizer_parts.hpp>
#include <typeformer/text/truncation.hpp>

namespace typeformer {

/// Text to tokens and back, as Hugging Face's tokenizers do it: added tokens, normalization, words, tokens of words,
/// special tokens. `load_tokenizer` reads one from its files.
///
/// It has a cache of words, so two threads need two tokenizers; a copy shares everything else. Nothing is thrown; if
/// memory runs out the program ends.
class tokenizer {
 public:
  explicit tokenizer(tokenizer_parts parts) : parts_{std::make_shared<const tokenizer_parts>(std::move(parts))} {}

  /// The ids alone, which is faster; special tokens as asked. Error: a regular expression takes too long.
  result<std::vector<std::int32_t>, tokenizer_error> encode_ids(std::string_view text,
                                                                bool adds_special = true) noexcept {
    const std::optional<post_processors::added_ids> around =
        adds_special ? post_processors::ids_around(parts_->post_processors) : post_processors::added_ids{};
    if (around && !parts_->truncation && !parts_->padding) {
      std::vector<std::int32_t> ids = around->before;
      detail::text_encoder encoder{*parts_, cache_};
      if (!encoder.append_ids(text, ids)) return too_costly();
      ids.insert(ids.end(), around->after.begin(), around->after.end());
      return ids;
    }
    auto encoded = encode(text, adds_special);
    if (!encoded) return failure{encoded.error()};
    return std::move(encoded->ids);
  }

  /// The tokens of a text, truncated and padded as the tokenizer's files say. Errors: those of `encode_ids` and
  /// `truncated_sizes`.
  result<token_encoding, tokenizer_error> encode(std::string_view text, bool adds_special = true) noexcept {
    return first_of(encode_all({&text, 1}, adds_special, false));
  }
  /// The tokens of two texts, such as a question and a passage.
  result<token_encoding, tokenizer_error> encode_pair(std::string_view first, std::string_view second,
                                                      bool adds_special = true) noexcept {
    const std::string_view both[] = {first, second};
    return first_of(encode_all(both, adds_special, false));
  }
  /// What `encode` gives, and then the encodings of what truncation cuts off, each with the special tokens. Each begins
  /// `stride` tokens before the end of the one before it. Errors: those of `encode` and `truncated_pieces`.
  result<std::vector<token_encoding>, tokenizer_error> encode_overflowing(std::string_view text,
                                                                          bool adds_special = true) noexcept {
    return encode_all({&text, 1}, adds_special, true);
  }
  /// The same for two texts: each piece of the first one with each piece of the second one.
  result<std::vector<token_encoding>, tokenizer_error> encode_pair_overflowing(std::string_view first,
                                                                               std::string_view second,
                                                                               bool adds_special = true) noexcept {
    const std::string_view both[] = {first, second};
    return encode_all(both, adds_special, true);
  }

  /// The text of tokens. Ids without a token are left out. Bytes that are not UTF-8 become U+FFFD.
  std::string decode(std::span<const std::int32_t> ids, bool skips_special = false) const noexcept {
    if (const auto* pieces = std::get_if<sentencepiece_model>(&parts_->model))
      return pieces->decode(ids, skips_special);
    decoders::token_texts texts;
    for (const std::int32_t id : ids) {
      const auto text = token_text(id);
      if (text && !(skips_special && parts_->added.is_special(*text))) texts.emplace_back(*text);
    }
    for (const decoders::step& step : parts_->decoders)
      std::visit([&](const auto& each) { decoders::apply(each, texts); }, step);
    std::string whole;
    for (const std::string& each : texts) {
      if (parts_->joins_with_spaces && &each != &texts.front()) whole += ' ';
      whole += each;
    }
    return whole;
  }

  std::optional<std::int32_t> id_of(std::string_view token) const noexcept {
    if (const added_token* const added = parts_->added.find(token)) return added->id;
    const std::int32_t id = vocabulary_of(parts_->model).find(token);
    return id == token_vocabulary::none ? std::nullopt : std::optional{id};
  }
  /// The token as it is in the vocabulary.
  std::optional<std::string_view> token(std::int32_t id) const noexcept {
    if (const added_token* const added = parts_->added.find(id)) return added->text;
    return vocabulary_of(parts_->model).text(id);
  }
  /// The id after the largest one.
  std::int32_t vocabulary_size() const noexcept {
    std::int32_t end = vocabulary_of(parts_->model).ids_end();
    for (const added_token& each : parts_->added.all()) end = (std::max)(end, each.id + 1);
    return end;
  }
  bool is_special(std::int32_t id) const noexcept {
    const added_token* const added = parts_->added.find(id);
    return added != nullptr && added->is_special;
  }

  /// Replaces what the files say of lengths.
  void set_truncation(std::optional<truncation_options> how) {
    change([&](tokenizer_parts& parts) { parts.truncation = how; });
  }
  void set_padding(std::optional<padding_options> how) {
    change([&](tokenizer_parts& parts) { parts.padding = how; });
  }
  const tokenizer_parts& parts() const { return *parts_; }

 private:
  static failure<tokenizer_error> too_costly() {
    return {{"a regular expression of the tokenizer takes too long for this text"}};
  }

  template <class Change> void change(Change what) {
    auto copy = std::make_shared<tokenizer_parts>(*parts_);
    what(*copy);
    parts_ = std::move(copy);
  }

  /// In decoding: an added token that is normalized in the text is normalized.
  std::optional<std::string_view> token_text(std::int32_t id) const {
    if (const added_token* const added = parts_->added.find(id)) return added->normalized;
    return vocabulary_of(parts_->model).text(id);
  }

  using encodings_or_error = result<std::vector<token_encoding>, tokenizer_error>;

  static result<token_encoding, tokenizer_error> first_of(encodings_or_error made) {
    if (!made) return failure{made.error()};
    return std::move(made->front());
  }

  encodings_or_error encode_all(std::span<const std::string_view> texts, bool adds_special, bool overflows) noexcept {
    std::vector<std::vector<token_encoding>> all(1, std::vector<token_encoding>(texts.size()));
    detail::text_encoder encoder{*parts_, cache_};
    for (std::size_t i = 0; i < texts.size(); ++i)
      if (!encoder.append(texts[i], static_cast<std::int32_t>(i), all[0][i])) return too_costly();
    if (parts_->truncation) {
      std::size_t added = 0;
      for (const auto& step : parts_->post_processors) added += post_processors::added(step, texts.size() > 1);
      const std::size_t most = parts_->truncation->most, reserved = adds_special ? added : 0;
      if (most < reserved)
        return failure{tokenizer_error{"truncation: expected at least " + std::to_string(reserved) +
                                       " tokens, which are special, found " + std::to_string(most)}};
      auto pieces = truncated_pieces(all[0], most - reserved, *parts_->truncation, overflows);
      if (!pieces) return failure{pieces.error()};
      all = std::move(*pieces);
    }
    const auto text_of = [this](std::int32_t id) { return token(id).value_or(std::string_view{}); };
    std::vector<token_encoding> whole;
    for (std::vector<token_encoding>& encodings : all) {
      for (const auto& step : parts_->post_processors)
        std::visit([&](const auto& each) { post_processors::apply(each, encodings, adds_special, text_of); }, step);
      whole.emplace_back();
      for (const token_encoding& each : encodings) whole.back().append(each);
      whole.back().is_overflow = whole.size() > 1;
    }
    if (!parts_->padding) return whole;
    padding_options padding = *parts_->padding;
    if (!padding.length) padding.length = whole.front().size();
    pad(whole, padding);
    return whole;
  }

  std::shared_ptr<const tokenizer_parts> parts_;
  word_cache cache_;
};

}  // namespace typeformer
