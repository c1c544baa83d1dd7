// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/tokenizers/load_chat_template.hpp>
#include <typeformer/hosted/tokenizers/load_tokenizer.hpp>
#include <typeformer/text/regular_file.hpp>
#include <typeformer/text/token_encoding.hpp>
#include <typeformer/text/tokenizer.hpp>
#include <typeformer/text/unicode.hpp>

#include "model_folder.hpp"

namespace running {

/// Texts of a folder's model to tokens and back: its tokenizer, and its chat template if it has one.
class text_codec {
 public:
  using ids = std::vector<std::int32_t>;
  template <class T> using outcome = tf::result<T, std::string>;

  /// Errors, as a sentence: those of `load_tokenizer` and `load_chat_template`.
  static outcome<text_codec> open(const model_folder& folder) {
    auto tokens = tf::load_tokenizer(folder.path);
    if (!tokens && folder.outer != folder.path)
      if (auto others = tf::load_tokenizer(folder.outer)) tokens = std::move(others);
    if (!tokens) return tf::failure{tokens.error().message()};
    auto chat = tf::load_chat_template(folder.path);
    if (chat && !*chat && folder.outer != folder.path) chat = tf::load_chat_template(folder.outer);
    if (!chat) return tf::failure{chat.error().message()};
    text_codec made{std::move(*tokens), folder};
    made.chat_ = std::move(*chat);
    // What a tokenizer.json says of lengths is of those who trained with it.
    made.tokenizer_.set_truncation({});
    made.tokenizer_.set_padding({});
    made.read_settings();
    return made;
  }

  const tf::tokenizer& tokens() const { return tokenizer_; }
  /// Whether the files do not say which special tokens are added to a text.
  bool is_bare() const { return is_bare_; }
  bool has_chat() const { return chat_.has_value(); }
  /// Tokens that end a text, by the folder's files and the tokenizer.
  const ids& ends() const { return ends_; }

  /// A text with the special tokens that the model expects.
  outcome<ids> encode(std::string_view text) {
    auto made = tokenizer_.encode_ids(prepared(text));
    if (!made) return tf::failure{made.error().message()};
    if (end_ >= 0) made->push_back(end_);
    return std::move(*made);
  }
  /// The same with segments and offsets, for an encoder; `pair` may be null.
  outcome<tf::token_encoding> encode_whole(std::string_view text, const std::string* pair) {
    auto made =
        pair == nullptr ? tokenizer_.encode(prepared(text)) : tokenizer_.encode_pair(prepared(text), prepared(*pair));
    if (!made) return tf::failure{made.error().message()};
    return std::move(*made);
  }
  /// The number of tokens of a text, without special ones.
  outcome<std::size_t> plain_size(std::string_view text) {
    const auto made = tokenizer_.encode_ids(prepared(text), false);
    if (!made) return tf::failure{made.error().message()};
    return made->size();
  }
  /// A conversation, up to where the assistant begins to speak.
  outcome<ids> encode_turns(std::span<const tf::chat_turn> turns) {
    if (!chat_) return tf::failure{std::string("the model has no chat template")};
    tf::chat_settings settings = chat_->settings;
    const std::time_t seconds = std::time(nullptr);
    ::localtime_r(&seconds, &settings.now);
    const auto text = chat_->form.render(turns, settings);
    if (!text) return tf::failure{text.error().message()};
    auto made = tokenizer_.encode_ids(*text, false);
    if (!made) return tf::failure{made.error().message()};
    return std::move(*made);
  }

  /// Encoders: a text is cut to so many tokens, or to fewer where the folder says so.
  void limit(std::int64_t tokens) {
    const std::int64_t most = folder_.most_tokens > 0 ? std::min(tokens, folder_.most_tokens) : tokens;
    tokenizer_.set_truncation(tf::truncation_options{.most = static_cast<std::size_t>(most)});
  }
  /// Encoder-decoders: a source ends with the end token, which a SentencePiece model alone does not add.
  void end_sources() {
    if (is_bare_ && !ends_.empty()) end_ = ends_[0];
  }

 private:
  text_codec(tf::tokenizer tokens, const model_folder& folder)
      : tokenizer_{std::move(tokens)}, folder_{folder}, ends_{folder.ends} {}

  void read_settings() {
    is_bare_ = tokenizer_.parts().post_processors.empty() && !folder_.path.ends_with(".gguf") &&
               !tf::regular_file::exists(folder_.path + "/tokenizer.json");
    const auto config = tf::json_config::open(folder_.path + "/tokenizer_config.json");
    if (!config) return;
    const auto text_of = [&](const std::string& key) {
      const auto whole = config->text(key), content = config->text(key + ".content");
      return std::string(whole ? *whole : content ? *content : std::string_view{});
    };
    const std::string end = text_of("eos_token");
    const auto end_id = tokenizer_.id_of(end);
    if (end_id && std::ranges::find(ends_, *end_id) == ends_.end()) ends_.push_back(*end_id);
  }
  std::string prepared(std::string_view text) const {
    std::string made = folder_.prefix;
    if (!folder_.lowers_case) return made += text;
    tf::visit_characters(text, [&](char32_t c, std::size_t, std::size_t) {
      const auto [first, second] = tf::lower_case_of(c);
      tf::append_utf8(made, first);
      if (second != 0) tf::append_utf8(made, second);
    });
    return made;
  }

  tf::tokenizer tokenizer_;
  model_folder folder_;
  std::optional<tf::folder_chat> chat_;
  ids ends_;
  bool is_bare_ = false;
  std::int32_t end_ = -1;
};

}  // namespace running
