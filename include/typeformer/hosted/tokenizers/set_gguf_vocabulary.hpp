// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/tokenizers/gguf_vocabulary.hpp>

namespace typeformer {

/// Sets the keys of a vocabulary under `tokenizer.ggml.` (ggml, docs/gguf.md), which `gguf_vocabulary::read` reads.
inline void set_gguf_vocabulary(gguf_metadata_builder& to, const gguf_vocabulary& from) {
  const auto key = [](std::string_view name) { return "tokenizer.ggml." + std::string(name); };
  const auto set_texts = [&](std::string_view name, const std::vector<std::string>& texts) {
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    to.set(key(name), std::span(views));
  };
  const auto set_id = [&](std::string_view name, std::int32_t id) {
    if (id != gguf_vocabulary::none) to.set(key(name), static_cast<std::uint32_t>(id));
  };
  const auto set_flag = [&](std::string_view name, std::optional<bool> flag) {
    if (flag) to.set(key(name), *flag);
  };
  to.set(key("model"), std::string_view(from.model));
  if (!from.splitter.empty()) to.set(key("pre"), std::string_view(from.splitter));
  set_texts("tokens", from.tokens);
  std::vector<std::int32_t> types;
  for (const sentencepiece_type type : from.types) types.push_back(static_cast<std::int32_t>(type));
  to.set(key("token_type"), std::span<const std::int32_t>(types));
  if (!from.scores.empty()) to.set(key("scores"), std::span<const float>(from.scores));
  if (!from.merges.empty()) set_texts("merges", from.merges);
  if (!from.charsmap.empty()) {
    const std::vector<std::uint8_t> bytes(from.charsmap.begin(), from.charsmap.end());
    to.set(key("precompiled_charsmap"), std::span<const std::uint8_t>(bytes));
  }
  set_id("bos_token_id", from.begin), set_id("eos_token_id", from.end), set_id("unknown_token_id", from.unknown);
  set_id("seperator_token_id", from.separator), set_id("cls_token_id", from.classification);  // so files spell it
  set_id("mask_token_id", from.mask), set_id("padding_token_id", from.padding);
  set_id("eot_token_id", from.turn_end), set_id("eom_token_id", from.message_end);
  set_flag("add_bos_token", from.adds_begin), set_flag("add_eos_token", from.adds_end);
  set_flag("add_sep_token", from.adds_separator), set_flag("add_space_prefix", from.adds_space);
  set_flag("remove_extra_whitespaces", from.removes_extra_spaces);
  set_flag("normalizer.lowercase", from.lowers_case), set_flag("normalizer.strip_accents", from.strips_accents);
}

}  // namespace typeformer
