// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/text/split_text.hpp>
#include <typeformer/text/token_encoding.hpp>
#include <typeformer/text/tokenizer_parts.hpp>
#include <typeformer/text/word_cache.hpp>

namespace typeformer::detail {

/// Takes texts through the parts of a tokenizer, up to the tokens of words.
class text_encoder {
 public:
  text_encoder(const tokenizer_parts& parts, word_cache& cache) : parts_{parts}, cache_{cache} {}

  /// Appends the ids of a text. False if a regular expression takes too long.
  bool append_ids(std::string_view text, std::vector<std::int32_t>& ids) {
    ids.reserve(ids.size() + text.size() / 4);
    const auto add = [&](std::span<const word_piece> pieces) {
      for (const word_piece& each : pieces) ids.push_back(each.id);
    };
    const auto word = [&](std::string_view of) {
      const auto* const bpe = std::get_if<bpe_model>(&parts_.model);
      if (bpe == nullptr || of.size() <= merge_blocks{}.pieces) return add(pieces_of(of));
      pieces_.clear();
      const std::size_t begin = ids.size();
      if (of.size() <= longest_encoded_word) bpe->encode(of, pieces_, add, [&] { ids.resize(begin); });
      add(pieces_);
    };
    const auto added = [&](const added_token& token, text_range) { ids.push_back(token.id); };
    return for_each_segment(text, false, added, [&](split_text& segment) {
      if (const published_splitter* const only = only_splitter()) {
        const std::string_view whole = segment.text();
        for (std::size_t at = 0, end = 0; at < whole.size(); at = end) {
          end = only->end_of_word(whole, at);
          word(whole.substr(at, end - at));
        }
        return true;
      }
      if (!pre_tokenize(segment)) return false;
      for (const text_range& each : segment.words()) word(segment.word(each));
      return true;
    });
  }

  /// Appends the tokens of a text with their offsets.
  bool append(std::string_view text, std::int32_t type_id, token_encoding& encoding) {
    const auto added = [&](const added_token& token, text_range origin) {
      encoding.add(token.id, type_id, origin, false);
    };
    return for_each_segment(text, true, added, [&](split_text& segment) {
      if (!pre_tokenize(segment)) return false;
      for (const text_range& each : segment.words())
        for (const word_piece& piece : pieces_of(segment.word(each)))
          encoding.add(piece.id, type_id, segment.origin(each.begin + piece.begin, each.begin + piece.end), false);
      return true;
    });
  }

 private:
  /// Calls `added(token, origin)` and `plain(split_text&)` for the parts of a text in order.
  template <class Added, class Plain>
  bool for_each_segment(std::string_view text, bool is_tracked, const Added& added, const Plain& plain) {
    bool is_done = true;
    parts_.added.for_each_part(text, false, [&](std::size_t begin, std::size_t end, const added_token* token) {
      if (!is_done) return;
      if (token != nullptr) return added(*token, {begin, end});
      is_done = normalized_segments(text.substr(begin, end - begin), begin, is_tracked, added, plain);
    });
    return is_done;
  }

  template <class Added, class Plain>
  bool normalized_segments(std::string_view text, std::size_t base, bool is_tracked, const Added& added,
                           const Plain& plain) {
    aligned_text normalized;
    if (!parts_.normalizers.empty()) {
      normalized = aligned_text{text, base, is_tracked};
      for (const normalizers::step& step : parts_.normalizers)
        if (!std::visit([&](const auto& each) { return normalizers::apply(each, normalized); }, step)) return false;
    }
    const std::string_view whole = parts_.normalizers.empty() ? text : std::string_view{normalized.text};
    bool is_done = true;
    parts_.added.for_each_part(whole, true, [&](std::size_t begin, std::size_t end, const added_token* token) {
      if (!is_done) return;
      if (parts_.normalizers.empty()) {
        if (token != nullptr) return added(*token, {base + begin, base + end});
        split_text part{whole.substr(begin, end - begin), base + begin, is_tracked};
        is_done = plain(part);
        return;
      }
      aligned_text part;
      part.is_tracked = is_tracked;
      part.base = base;
      if (is_tracked && begin < end) {
        part.base = normalized.origins[begin].begin;
        if (token != nullptr) return added(*token, {part.base, normalized.origins[end - 1].end});
        part.origins.assign(normalized.origins.begin() + static_cast<std::ptrdiff_t>(begin),
                            normalized.origins.begin() + static_cast<std::ptrdiff_t>(end));
      }
      if (token != nullptr) return added(*token, {});
      part.text = whole.substr(begin, end - begin);
      split_text segment{std::move(part)};
      is_done = plain(segment);
    });
    return is_done;
  }

  bool pre_tokenize(split_text& text) const {
    return std::ranges::all_of(parts_.pre_tokenizers, [&](const pre_tokenizers::step& step) {
      return std::visit([&](const auto& each) { return pre_tokenizers::apply(each, text); }, step);
    });
  }

  /// The function that alone splits a text, of a byte-level tokenizer without further steps.
  const published_splitter* only_splitter() const {
    static constexpr auto gpt2 = *published_splitter::of(published_splitter::gpt2);
    const auto& steps = parts_.pre_tokenizers;
    const auto leaves_text = [](const pre_tokenizers::step& step) {
      const auto* const bytes = std::get_if<pre_tokenizers::byte_level>(&step);
      return bytes != nullptr && !bytes->adds_space && !bytes->spells_bytes;
    };
    if (steps.empty() || steps.size() > 2 || !leaves_text(steps.back())) return nullptr;
    const bool splits = std::get<pre_tokenizers::byte_level>(steps.back()).splits;
    if (steps.size() == 1) return splits ? &gpt2 : nullptr;
    const auto* const first = std::get_if<pre_tokenizers::split>(&steps.front());
    if (splits || first == nullptr || first->is_inverted || first->behavior != split_behavior::isolated) return nullptr;
    return first->pattern.as_published_splitter();
  }

  /// The tokens of a word, valid until the next call.
  std::span<const word_piece> pieces_of(std::string_view word) {
    if (word.empty()) return {};
    const bool is_cached = word.size() <= word_cache::longest_word;
    const std::uint64_t hash = is_cached ? word_cache::hash_of(word) : 0;
    if (is_cached)
      if (const auto found = cache_.find(word, hash); found.pieces != nullptr) return {found.pieces, found.count};
    pieces_.clear();
    if (word.size() <= longest_encoded_word)
      std::visit([&](const auto& model) { model.encode(word, pieces_); }, parts_.model);
    if (is_cached) cache_.add(word, hash, pieces_);
    return pieces_;
  }

  const tokenizer_parts& parts_;
  word_cache& cache_;
  std::vector<word_piece> pieces_;
};

}  // namespace typeformer::detail
