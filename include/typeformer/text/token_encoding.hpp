// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/aligned_text.hpp>

namespace typeformer {

/// The tokens of a text, or of two, and what is known of each of them. All lists have one length.
struct token_encoding {
  std::vector<std::int32_t> ids;
  std::vector<std::int32_t> type_ids;        ///< segment
  std::vector<text_range> offsets;           ///< bytes of the text it comes from; {0, 0} of special tokens and padding
  std::vector<std::uint8_t> special_mask;    ///< 1: added by the tokenizer
  std::vector<std::uint8_t> attention_mask;  ///< 0: padding
  bool is_overflow = false;                  ///< of what truncation has cut off

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
  /// The tokens from `begin` up to `end`. Precondition: they are there.
  token_encoding part(std::size_t begin, std::size_t end) const {
    token_encoding made;
    made.is_overflow = is_overflow;
    const auto take = [&](auto& to, const auto& from) {
      to.assign(from.begin() + static_cast<std::ptrdiff_t>(begin), from.begin() + static_cast<std::ptrdiff_t>(end));
    };
    take(made.ids, ids), take(made.type_ids, type_ids), take(made.offsets, offsets);
    take(made.special_mask, special_mask), take(made.attention_mask, attention_mask);
    return made;
  }
};

struct padding_options {
  std::optional<std::size_t> length;  ///< none: that of the longest of a batch
  std::size_t multiple = 0;           ///< the length is rounded up to a multiple of it, unless it is 0
  std::int32_t id = 0, type_id = 0;
  bool at_begin = false;
};

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
