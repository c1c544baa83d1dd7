// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

/// The tokens of a text, or of two, and what is known of each of them. All lists have one length.
struct token_encoding {
  std::vector<std::int32_t> ids;
  std::vector<std::int32_t> type_ids;        ///< segment
  std::vector<text_range> offsets;           ///< bytes of the text it comes from; {0, 0} of special tokens and padding
  std::vector<std::uint8_t> special_mask;    ///< 1: added by the tokenizer
  std::vector<std::uint8_t> attention_mask;  ///< 0: padding

  std::size_t size() const { return ids.size(); }

  void add(std::int32_t id, std::int32_t type, text_range offset, bool is_special, bool is_padding = false) {
    ids.push_back(id);
    type_ids.push_back(type);
    offsets.push_back(offset);
    special_mask.push_back(is_special);
    attention_mask.push_back(!is_padding);
  }
  void append(const token_encoding& other) {
    const auto both = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    both(ids, other.ids), both(type_ids, other.type_ids), both(offsets, other.offsets);
    both(special_mask, other.special_mask), both(attention_mask, other.attention_mask);
  }
  /// Keeps `count` tokens at one end.
  void keep(std::size_t count, bool at_end) {
    const auto cut = [&](auto& list) {
      if (list.size() <= count) return;
      if (at_end) list.erase(list.begin(), list.end() - static_cast<std::ptrdiff_t>(count));
      else list.resize(count);
    };
    cut(ids), cut(type_ids), cut(offsets), cut(special_mask), cut(attention_mask);
  }
};

enum class truncation_strategy { longest_first, only_first, only_second };

/// The most tokens of an encoding, special ones included.
struct truncation_options {
  std::size_t most = 512;
  truncation_strategy strategy = truncation_strategy::longest_first;
  bool drops_begin = false;  ///< and keeps the end
};

struct padding_options {
  std::optional<std::size_t> length;  ///< none: that of the longest of a batch
  std::size_t multiple = 0;           ///< the length is rounded up to a multiple of it, unless it is 0
  std::int32_t id = 0, type_id = 0;
  bool at_begin = false;
};

/// Shortens one or two encodings to `most` tokens together. Errors: there is no second one to shorten, or it would not
/// be long enough.
inline result<void, tokenizer_error> truncate(std::vector<token_encoding>& parts, std::size_t most,
                                              const truncation_options& how) {
  std::size_t total = 0;
  for (const token_encoding& each : parts) total += each.size();
  if (total <= most) return {};
  if (most == 0) {
    for (token_encoding& each : parts) each.keep(0, false);
    return {};
  }
  if (how.strategy == truncation_strategy::longest_first) {
    if (parts.size() == 1) return parts[0].keep(most, how.drops_begin), result<void, tokenizer_error>{};
    const std::size_t shorter = (std::min)(parts[0].size(), parts[1].size());
    std::size_t small = shorter, large = shorter > most ? shorter : (std::max)(shorter, most - shorter);
    if (small + large > most) small = most / 2, large = small + most % 2;
    const bool first_is_longer = parts[0].size() > parts[1].size();
    parts[0].keep(first_is_longer ? large : small, how.drops_begin);
    parts[1].keep(first_is_longer ? small : large, how.drops_begin);
    return {};
  }
  const std::size_t number = how.strategy == truncation_strategy::only_first ? 0 : 1;
  const std::size_t removed = total - most;
  if (number >= parts.size()) return failure{tokenizer_error{"truncation of the second text: there is one text"}};
  if (parts[number].size() <= removed)
    return failure{tokenizer_error{"truncation: expected more than " + std::to_string(removed) +
                                   " tokens in the text to shorten, found " + std::to_string(parts[number].size())}};
  parts[number].keep(parts[number].size() - removed, how.drops_begin);
  return {};
}

/// Brings encodings to one length. Longer ones stay as they are.
inline void pad(std::vector<token_encoding>& batch, const padding_options& how) {
  std::size_t length = how.length.value_or(0);
  if (!how.length)
    for (const token_encoding& each : batch) length = (std::max)(length, each.size());
  if (how.multiple > 0 && length % how.multiple > 0) length += how.multiple - length % how.multiple;
  for (token_encoding& each : batch) {
    token_encoding padding;
    for (std::size_t i = each.size(); i < length; ++i) padding.add(how.id, how.type_id, {}, true, true);
    if (how.at_begin) std::swap(each, padding);
    each.append(padding);
  }
}

/// Byte offsets as numbers of code points. Precondition: they are within the text.
inline std::vector<text_range> code_point_offsets(std::string_view text, const std::vector<text_range>& offsets) {
  std::vector<std::size_t> places;
  places.reserve(2 * offsets.size());
  for (const text_range& each : offsets) places.push_back(each.begin), places.push_back(each.end);
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  std::vector<std::size_t> counts;
  counts.reserve(places.size());
  std::size_t at = 0, count = 0;
  for (const std::size_t place : places) {
    while (at < place && at < text.size()) at += character_at(text, at).size, ++count;
    counts.push_back(count);
  }
  const auto converted = [&](std::size_t place) {
    return counts[static_cast<std::size_t>(std::ranges::lower_bound(places, place) - places.begin())];
  };
  std::vector<text_range> converted_offsets;
  converted_offsets.reserve(offsets.size());
  for (const text_range& each : offsets) converted_offsets.push_back({converted(each.begin), converted(each.end)});
  return converted_offsets;
}

}  // namespace typeformer
