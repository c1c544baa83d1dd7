// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "readings.hpp"

/// How configurations give the number of tokens that each layer sees.
namespace importing {

/// Tokens that each layer sees; 0 means all.
using windows = std::vector<std::int64_t>;

/// Appends the windows of a kind, of a list, or of a list that repeats: [["global", "local"], 12]. False if the value is
/// none of these. What is beyond the number of layers may be left out.
inline bool append_windows(model_reader& r, const tf::json_node& node, std::int64_t window, windows& all) {
  const std::string text = r.config.text_of(node);
  if (text == "\"global\"" || text == "\"local\"") return all.push_back(text == "\"local\"" ? window : 0), true;
  if (node.kind != tf::json_kind::array) return false;
  std::vector<const tf::json_node*> parts;
  r.config.tree().for_each_child(node, [&](const tf::json_node& part) { parts.push_back(&part); });
  if (parts.size() != 2 || parts[1]->kind != tf::json_kind::integer)
    return std::ranges::all_of(parts, [&](auto* part) { return append_windows(r, *part, window, all); });
  windows group;
  if (parts[0]->kind != tf::json_kind::array || !append_windows(r, *parts[0], window, group)) return false;
  for (std::int64_t i = 0; i < parts[1]->integer && !group.empty() && std::ssize(all) <= r.value_of("layers"); ++i)
    all.insert(all.end(), group.begin(), group.end());
  return parts[1]->integer >= 0;
}

/// The windows of a key. An error if there is not one for each layer.
inline windows windows_of(model_reader& r, std::string_view name, std::int64_t window, const windows& otherwise = {}) {
  const tf::json_node* const node = r.config.find(name);
  windows all;
  if (node == nullptr) all = otherwise;
  else if (!append_windows(r, *node, window, all))
    r.config.unsupported(name, "lists of \"global\" and \"local\", or [list, how often]");
  r.require(std::ssize(all) == r.value_of("layers"), r.config.named(name),
            "a kind of attention for each of " + r.text_of("layers") + " layers", std::ssize(all));
  return all;
}
inline std::int64_t window_of(model_reader& r) { return whole(r.config.value("window", "256")); }

/// Windows as an argument of the preset.
inline void set_windows(model_reader& r, const windows& all) {
  bool alternates = all.size() > 1;
  std::string numbers;
  for (std::size_t i = 0; i < all.size(); ++i) {
    alternates = alternates && all[i] == (i % 2 == 0 ? 0 : all[1]);
    numbers += (i == 0 ? "" : ", ") + std::to_string(all[i]);
  }
  const std::string function =
      alternates ? "alternating_windows<" + std::to_string(all[1]) : "listed_windows<" + numbers;
  r.set_argument(std::ranges::count(all, 0) == std::ssize(all) ? "no_window"
                                                               : "sliding_windows<typeformer::" + function + ">>");
}

/// GPT-2 with `gpt3_attention` is GPT-3, whose layers see windows.
inline void gpt3_windows(model_reader& r, const row& of) {
  const tf::json_node* const given = r.config.find(of.name);
  if (given == nullptr) return;
  if (given->kind != tf::json_kind::object) return r.config.wrong(of.name, "an object");
  r.model.title = "GPT-3";
  r.model.preset = "gpt3";
  set_windows(r, windows_of(r, "gpt3_attention.layers", window_of(r)));
}

/// GPT-Neo's kinds, which `attention_layers` repeats one by one.
inline void gpt_neo_windows(model_reader& r, const row& of) {
  const std::int64_t window = window_of(r);
  windows published;
  for (int i = 0; i < 12; ++i) published.insert(published.end(), {0, window});
  const windows all = windows_of(r, of.name, window, published);
  if (windows_of(r, "attention_layers", window, all) != all)
    r.config.unsupported("attention_layers", "what attention_types says");
  set_windows(r, all);
}

}  // namespace importing
