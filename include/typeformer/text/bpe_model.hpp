// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/byte_alphabet.hpp>
#include <typeformer/text/merge_in_blocks.hpp>
#include <typeformer/text/merge_table.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/token_vocabulary.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

struct bpe_options {
  std::optional<std::string> unknown{};           ///< the token of what is not in the vocabulary; none: it is left out
  std::string continuing_prefix{}, end_suffix{};  ///< of pieces after the first, and of the last piece, of a word
  bool fuses_unknown = false;                     ///< a run of unknown characters is one token
  bool falls_back_to_bytes = false;               ///< characters that are unknown become `<0x00>` … `<0xFF>`
  bool ignores_merges = false;                    ///< a word that is a token is not split
  bool is_byte_level = false;  ///< words are bytes, and the vocabulary spells them with `byte_alphabet`
};

/// Byte-pair encoding of words, as Hugging Face's `BPE`: merges of pairs of tokens, in the order of a list.
class bpe_model {
 public:
  struct merge_texts {
    std::string_view left, right;
  };

  /// Errors: a merge of tokens that are not in the vocabulary; the unknown token is not.
  static result<bpe_model, tokenizer_error> make(token_vocabulary vocabulary, const std::vector<merge_texts>& merges,
                                                 bpe_options options) noexcept {
    const auto missing = [](std::string_view what, std::string_view token) {
      return failure{
          tokenizer_error{std::string(what) + ": the token " + quoted_name(token) + " is not in the vocabulary"}};
    };
    bpe_model model;
    std::string merged;
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
      const auto [left, right] = merges[rank];
      merged = left;
      if (right.size() >= options.continuing_prefix.size()) merged += right.substr(options.continuing_prefix.size());
      std::array<std::int32_t, 3> ids{};
      std::size_t number = 0;
      for (const std::string_view text : {left, right, std::string_view{merged}}) {
        ids[number] = vocabulary.find(text);
        if (ids[number++] == token_vocabulary::none) return missing("merge " + std::to_string(rank), text);
      }
      model.merges_.add(ids[0], ids[1], {static_cast<std::uint32_t>(rank), ids[2]});
    }
    if (options.unknown) {
      model.unknown_id_ = vocabulary.find(*options.unknown);
      if (model.unknown_id_ == token_vocabulary::none) return missing("unk_token", *options.unknown);
    }
    for (unsigned byte = 0; byte < 256; ++byte) {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const std::string fallback = {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
      model.fallback_ids_[byte] = options.falls_back_to_bytes ? vocabulary.find(fallback) : token_vocabulary::none;
      std::string spelling;
      append_utf8(spelling, byte_alphabet::characters[byte]);
      model.byte_ids_[byte] = vocabulary.find(spelling);
    }
    model.has_all_bytes_ = std::ranges::count(model.byte_ids_, token_vocabulary::none) == 0;
    model.vocabulary_ = std::move(vocabulary);
    model.options_ = std::move(options);
    return result<bpe_model, tokenizer_error>(std::move(model));
  }

  const token_vocabulary& vocabulary() const { return vocabulary_; }
  const bpe_options& options() const { return options_; }
  bool is_byte_level() const { return options_.is_byte_level; }
  const merge_table& merges() const { return merges_; }

  /// Appends the tokens of a word.
  void encode(std::string_view word, std::vector<word_piece>& pieces) const {
    const std::size_t begin = pieces.size();
    encode(
        word, pieces, [&](std::span<const word_piece> made) { pieces.insert(pieces.end(), made.begin(), made.end()); },
        [&] { pieces.resize(begin); });
  }

  /// The same, where a long word of bytes is not appended: `emit(tokens)` takes its tokens as they come, and `restart()`
  /// takes them all back.
  template <class Emit, class Restart>
  void encode(std::string_view word, std::vector<word_piece>& pieces, const Emit& emit, const Restart& restart) const {
    if (options_.ignores_merges) {
      const std::int32_t id =
          vocabulary_.find(options_.is_byte_level ? byte_alphabet::spelled(word) : std::string(word));
      if (id != token_vocabulary::none) return pieces.push_back({id, 0, static_cast<std::uint32_t>(word.size())});
    }
    const std::size_t begin = pieces.size();
    const auto find = [this](const word_piece& left, const word_piece& right) {
      return merges_.find(left.id, right.id);
    };
    const bool takes_bytes =
        options_.is_byte_level && options_.continuing_prefix.empty() && options_.end_suffix.empty();
    if (takes_bytes && has_all_bytes_ && word.size() > merge_blocks{}.pieces) {
      const auto bytes = [&](std::size_t from, std::size_t to, std::vector<word_piece>& made) {
        for (; from < to; ++from)
          made.push_back({byte_ids_[static_cast<unsigned char>(word[from])], static_cast<std::uint32_t>(from),
                          static_cast<std::uint32_t>(from + 1)});
      };
      return merge_in_blocks(
          find, word.size(), bytes, [](std::size_t place) { return place; }, emit, restart);
    }
    if (takes_bytes) split_bytes(word, pieces);
    else split_characters(word, pieces);
    merge_listed(find, pieces, begin);
  }

 private:
  void split_bytes(std::string_view word, std::vector<word_piece>& pieces) const {
    splitter to{*this, pieces};
    for (const char byte : word) to.add(byte_ids_[static_cast<unsigned char>(byte)], 1);
    to.finish();
  }

  void split_characters(std::string_view word, std::vector<word_piece>& pieces) const {
    splitter to{*this, pieces};
    std::string spelling;
    visit_characters(word, [&](char32_t, std::size_t at, std::size_t size) {
      spelling = at == 0 ? std::string{} : options_.continuing_prefix;
      spelling += word.substr(at, size);
      if (at + size == word.size()) spelling += options_.end_suffix;
      const std::int32_t id = vocabulary_.find(spelling);
      if (id == token_vocabulary::none && to.add_bytes(spelling)) return;
      to.add(id, size);
    });
    to.finish();
  }

  /// Collects the first pieces of a word, with the unknown ones.
  struct splitter {
    const bpe_model& model;
    std::vector<word_piece>& pieces;
    std::uint32_t at = 0;
    std::size_t unknown_size = 0;

    void push(std::int32_t id, std::size_t size) {
      pieces.push_back({id, at, at + static_cast<std::uint32_t>(size)});
      at += static_cast<std::uint32_t>(size);
    }
    void finish() {
      if (unknown_size > 0) push(model.unknown_id_, std::exchange(unknown_size, 0));
    }
    void add(std::int32_t id, std::size_t size) {
      if (id != token_vocabulary::none) {
        finish();
        push(id, size);
      } else if (model.unknown_id_ != token_vocabulary::none) {
        if (!model.options_.fuses_unknown) finish();
        unknown_size += size;
      }
    }
    bool add_bytes(std::string_view bytes) {
      for (const char byte : bytes)
        if (model.fallback_ids_[static_cast<unsigned char>(byte)] == token_vocabulary::none) return false;
      for (const char byte : bytes) push(model.fallback_ids_[static_cast<unsigned char>(byte)], 1);
      return true;
    }
  };

  bpe_model() = default;

  token_vocabulary vocabulary_;
  merge_table merges_;
  bpe_options options_;
  std::int32_t unknown_id_ = token_vocabulary::none;
  std::array<std::int32_t, 256> byte_ids_{}, fallback_ids_{};
  bool has_all_bytes_ = false;
};

}  // namespace typeformer
