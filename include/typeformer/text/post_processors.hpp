// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <typeformer/text/byte_alphabet.hpp>
#include <typeformer/text/token_encoding.hpp>
#include <typeformer/text/unicode.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// The steps that put special tokens around texts, under the names of Hugging Face's `tokenizer.json`.
namespace post_processors {

/// The text of a token in the vocabulary.
using token_text = std::function<std::string_view(std::int32_t)>;

/// Takes white space from the ends of offsets.
struct byte_level {
  bool trims_offsets = true, adds_space = true;
};
struct template_piece {
  int sequence = -1;  ///< 0: the first text; 1: the second one; negative: special tokens
  std::int32_t type_id = 0;
  std::vector<std::int32_t> ids{};
};
struct template_processing {
  std::vector<template_piece> single, pair;
};
/// `cls A sep sep B sep`, without segments.
struct roberta {
  std::int32_t separator = 0, classification = 0;
  byte_level offsets{};
};
/// `cls A sep B sep`.
struct bert {
  std::int32_t separator = 0, classification = 0;
};

using step = std::variant<byte_level, template_processing, roberta, bert>;

/// How many special tokens are put around texts.
inline std::size_t added(const step& what, bool is_pair) {
  if (std::holds_alternative<roberta>(what)) return is_pair ? 4 : 2;
  if (std::holds_alternative<bert>(what)) return is_pair ? 3 : 2;
  std::size_t count = 0;
  if (const auto* pieces = std::get_if<template_processing>(&what))
    for (const template_piece& each : is_pair ? pieces->pair : pieces->single) count += each.ids.size();
  return count;
}

/// The special tokens before and after one text.
struct added_ids {
  std::vector<std::int32_t> before, after;
};

/// What steps put around one text, if they do nothing else to its ids.
inline std::optional<added_ids> ids_around(const std::vector<step>& steps) {
  added_ids around;
  bool has_one = false;
  for (const step& each : steps) {
    if (std::holds_alternative<byte_level>(each)) continue;
    if (std::exchange(has_one, true)) return std::nullopt;
    if (const auto* const with = std::get_if<roberta>(&each)) around = {{with->classification}, {with->separator}};
    if (const auto* const with = std::get_if<bert>(&each)) around = {{with->classification}, {with->separator}};
    const auto* const pieces = std::get_if<template_processing>(&each);
    bool is_after = pieces == nullptr;
    if (!is_after)
      for (const template_piece& piece : pieces->single) {
        if (piece.sequence > 0 || (piece.sequence == 0 && std::exchange(is_after, true))) return std::nullopt;
        std::vector<std::int32_t>& side = is_after ? around.after : around.before;
        if (piece.sequence < 0) side.insert(side.end(), piece.ids.begin(), piece.ids.end());
      }
    if (!is_after) return std::nullopt;
  }
  return around;
}

inline void apply(const byte_level& how, std::vector<token_encoding>& parts, bool, const token_text& text_of) {
  if (!how.trims_offsets) return;
  const auto is_space = [](char32_t c) { return c == byte_alphabet::characters[' '] || is_white_space(c); };
  for (token_encoding& part : parts)
    for (std::size_t i = 0; i < part.size(); ++i) {
      const std::string_view token = text_of(part.ids[i]);
      text_range& offset = part.offsets[i];
      std::size_t leading = 0, trailing = 0;
      for (std::size_t at = 0; at < token.size(); at += character_at(token, at).size, ++leading)
        if (!is_space(character_at(token, at).code_point)) break;
      for (std::size_t at = token.size(); at > 0; at -= character_before(token, at).size, ++trailing)
        if (!is_space(character_before(token, at).code_point)) break;
      if (how.adds_space && leading == 1 && (i == 0 || offset.begin == 0)) leading = 0;
      offset.begin = (std::min)(offset.begin + leading, offset.end);
      if (trailing > 0 && offset.end >= trailing) offset.end = (std::max)(offset.end - trailing, offset.begin);
    }
}

inline void apply(const template_processing& how, std::vector<token_encoding>& parts, bool adds_special,
                  const token_text&) {
  std::vector<token_encoding> pieces;
  for (const template_piece& each : parts.size() > 1 ? how.pair : how.single) {
    token_encoding piece;
    if (each.sequence >= 0) {
      if (static_cast<std::size_t>(each.sequence) < parts.size())
        piece = parts[static_cast<std::size_t>(each.sequence)];
      if (!piece.is_overflow) std::ranges::fill(piece.type_ids, each.type_id);  // like theirs
    } else if (adds_special) {
      for (const std::int32_t id : each.ids) piece.add(id, each.type_id, {}, true);
    }
    pieces.push_back(std::move(piece));
  }
  parts = std::move(pieces);
}

inline void apply(const roberta& how, std::vector<token_encoding>& parts, bool adds_special,
                  const token_text& text_of) {
  apply(how.offsets, parts, adds_special, text_of);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (adds_special || !parts[i].is_overflow) std::ranges::fill(parts[i].type_ids, 0);  // like theirs
    if (!adds_special) continue;
    token_encoding around;
    around.add(i == 0 ? how.classification : how.separator, 0, {}, true);
    around.append(parts[i]);
    around.add(how.separator, 0, {}, true);
    parts[i] = std::move(around);
  }
}

inline void apply(const bert& how, std::vector<token_encoding>& parts, bool adds_special, const token_text&) {
  if (!adds_special) return;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    token_encoding around;
    if (i == 0) around.add(how.classification, 0, {}, true);
    around.append(parts[i]);
    around.add(how.separator, static_cast<std::int32_t>(i), {}, true);
    parts[i] = std::move(around);
  }
}

}  // namespace post_processors

}  // namespace typeformer
