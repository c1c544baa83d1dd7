// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "key_table.hpp"

/// How GPT-3's and GPT-Neo's configurations give the number of tokens that each layer sees.
namespace importing {

/// Tokens that each layer sees; 0 means all.
using windows = std::vector<std::int64_t>;

/// The kinds in an array: texts, or groups that repeat, as in [[["global", "local"], 12]]. False if it is neither.
/// Elements beyond the number of layers are left out.
inline bool read_kinds(model_reader& r, std::string_view key, const tf::json_node& node, std::int64_t size,
                       windows& kinds) {
  const std::string text = r.config.text_of(node);
  if (text == "\"global\"" || text == "\"local\"") return kinds.push_back(text == "\"local\"" ? size : 0), true;
  if (node.kind == tf::json_kind::text) r.config.unsupported(key, "kinds that are \"global\" or \"local\"");
  if (node.kind != tf::json_kind::array) return false;
  std::vector<const tf::json_node*> parts;
  r.config.tree().for_each_child(node, [&](const tf::json_node& part) { parts.push_back(&part); });
  if (parts.size() != 2 || parts[1]->kind != tf::json_kind::integer)
    return std::ranges::all_of(parts, [&](auto* part) { return read_kinds(r, key, *part, size, kinds); });
  windows group;
  if (parts[0]->kind != tf::json_kind::array || !read_kinds(r, key, *parts[0], size, group)) return false;
  for (std::int64_t i = 0; i < parts[1]->integer && !group.empty() && std::ssize(kinds) <= r.value_of("layers"); ++i)
    kinds.insert(kinds.end(), group.begin(), group.end());
  return parts[1]->integer >= 0;
}

/// Makes them an argument of the preset. An error if there is not one for each layer.
inline void set_windows(model_reader& r, std::string_view key, const windows& kinds) {
  r.require(std::int64_t(kinds.size()) == r.value_of("layers"), r.config.named(key),
            "a kind of attention for each of " + r.text_of("layers") + " layers", std::int64_t(kinds.size()));
  bool alternates = kinds.size() > 1;
  for (std::size_t i = 0; i < kinds.size(); ++i) alternates = alternates && kinds[i] == (i % 2 == 0 ? 0 : kinds[1]);
  std::string numbers;
  for (const std::int64_t kind : kinds) numbers += (numbers.empty() ? "" : ", ") + std::to_string(kind);
  const std::string function =
      alternates ? "alternating_windows<" + std::to_string(kinds[1]) : "listed_windows<" + numbers;
  r.model.arguments.push_back(std::ranges::count(kinds, 0) == std::int64_t(kinds.size())
                                  ? "typeformer::no_window"
                                  : "typeformer::sliding_windows<typeformer::" + function + ">>");
}

/// GPT-2 with `gpt3_attention` is GPT-3, whose layers see windows.
inline void gpt3_windows(model_reader& r, const key& k) {
  const tf::json_node* const banded = r.config.find(k.name);
  if (banded == nullptr) return;
  if (banded->kind != tf::json_kind::object) return r.config.wrong(k.name, banded, "an object");
  r.model.title = "GPT-3";
  r.model.preset = "gpt3";
  const std::int64_t size = r.config.count("gpt3_attention.window_size", 256);
  windows kinds;
  constexpr std::string_view key = "gpt3_attention.layers";
  const tf::json_node* const layers = r.config.find(key);
  if (layers == nullptr || layers->kind != tf::json_kind::array || !read_kinds(r, key, *layers, size, kinds))
    r.config.wrong(key, layers, "an array of kinds");
  set_windows(r, key, kinds);
  r.config.require_all_asked(k.name);
}

/// GPT-Neo's kinds, which `attention_layers` repeats one by one.
inline void gpt_neo_windows(model_reader& r, const key& k) {
  const std::int64_t size = r.config.count("window_size", 256);
  windows kinds, repeated;
  const tf::json_node* const groups = r.config.find(k.name);
  for (std::int64_t i = 0; groups == nullptr && i < 24; ++i) kinds.push_back(i % 2 == 0 ? 0 : size);
  if (groups != nullptr && (groups->kind != tf::json_kind::array || !read_kinds(r, k.name, *groups, size, kinds)))
    r.config.wrong(k.name, groups, "an array of [array of kinds, how often]");
  set_windows(r, k.name, kinds);
  const tf::json_node* const layers = r.config.find("attention_layers");
  if (layers != nullptr && (!read_kinds(r, "attention_layers", *layers, size, repeated) || repeated != kinds))
    r.config.unsupported("attention_layers", "what attention_types says");
}

}  // namespace importing
