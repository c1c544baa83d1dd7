// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <string>
#include <vector>

#include "model_reader.hpp"

/// How rows are read whose value is not simply a member of the preset's configuration.
namespace importing {

inline std::int64_t whole(std::string_view digits) { return tf::number_in<std::int64_t>(digits).value_or(0); }

/// Columns of a head; 0 if there are no heads.
inline std::int64_t head_width_of(const model_reader& r) {
  const std::int64_t heads = r.value_of("heads");
  if (r.has("head_width")) return r.value_of("head_width");
  return heads > 0 ? r.value_of("width") / heads : 0;
}

/// A key with one supported value, as JSON.
inline void only(model_reader& r, const row& of) { r.config.only(of.name, of.otherwise); }

/// A function, which is an argument of the preset.
inline void function(model_reader& r, const row& of) {
  r.set_argument(r.config.function(of.name, r.config.text(of.name, of.otherwise), activations));
}
inline void function_of_gpt(model_reader& r, const row& of) {
  r.set_argument(r.config.function(of.name, r.config.text(of.name, of.otherwise), activations_of_gpt));
}

inline void even(model_reader& r, const row& of) {
  set_member(r, of);
  r.require(r.value_of(of.name) % 2 == 0, of.name, "an even number");
}

/// For models without a longest text: as many tokens as the command asks for.
inline void any_context(model_reader& r, const row& of) {
  set_member(r, of);
  r.set("context", r.asked.context_or(r.value_of("context")));
}

/// A redundant key: the model's width divided by the number of heads.
inline void shared_head_width(model_reader& r, const row& of) {
  const std::int64_t heads = r.value_of("heads");
  if (heads > 0) r.config.only(of.name, std::to_string(r.value_of("width") / heads));
}

inline void widths_of_hidden(model_reader& r, const row& of) {
  r.set("hidden", r.value_of("width") * whole(r.config.value(of.name, of.otherwise)));
}

/// The id of padding; -1 if config.json says that there is none.
inline void padding(model_reader& r, const row& of) {
  const tf::json_node *const node = r.config.find(of.name), *const said = r.config.tree().find("pad_token_id");
  if (node == nullptr && said != nullptr) return r.set(of.name, -1);
  const bool is_id = node == nullptr || node->kind == tf::json_kind::integer;
  const std::int64_t id = node == nullptr ? whole(of.otherwise) : node->integer;
  if (is_id && id >= 0 && id < r.value_of("vocabulary")) r.set(of.name, id);
  else r.config.wrong(of.name, "an id below " + r.described("vocabulary"));
}
/// RoBERTa's table of positions begins with rows that no token reads, up to that of padding.
inline void padding_before_text(model_reader& r, const row& of) {
  padding(r, of);
  const std::int64_t first = r.value_of(of.name) + 1, rows = r.value_of("context");
  if (first == 0) r.config.fail(r.config.named(of.name), "an id, after which positions are counted", "null");
  r.require(rows > first, "context", "more than " + std::to_string(first) + ", the first position's row");
  r.set("context", rows - first);
}

/// Whether the architecture is the one with both heads of pre-training.
inline void both_heads(model_reader& r, const row& of) {
  r.set(of.name, r.architecture().ends_with("ForPreTraining") ? "true" : "false");
}

/// `relu`, `gated-gelu`, …: whether there is a gate, and its function. Newer files repeat both in other keys.
inline void gate_and_activation(model_reader& r, const row& of) {
  const std::string type = r.config.text(of.name, of.otherwise);
  const bool is_gated = type.starts_with("gated-");
  const std::string name = type.substr(is_gated ? 6 : 0),
                    function = r.config.function(of.name, is_gated && name == "gelu" ? "gelu_new" : name, activations);
  r.config.only("is_gated_act", is_gated ? "true" : "false");
  if (activation_of(r.config.text("dense_act_fn", function)) != function)
    r.config.unsupported("dense_act_fn", "what feed_forward_proj says");
  r.set("gated", is_gated ? "true" : "false");
  r.set_argument(function);
}

/// Whether logits are scaled, which only those of a tied head are.
inline void scaled_if_tied(model_reader& r, const row& of) {
  const std::string said = r.config.value(of.name, "");
  if (r.text_of("tied") == "true") r.set(of.name, said);
  else if (said == "true") r.config.unsupported(of.name, "false, where " + r.described("tied"));
}

/// Whether both stacks share the token table, and so its size.
inline void table_of_both(model_reader& r, const row& of) {
  set_member(r, of);
  const std::int64_t of_target = r.value_of("decoder_vocabulary");
  if (of_target == 0) return;
  if (r.text_of(of.name) == "true")
    r.require(of_target == r.value_of("vocabulary"), "decoder_vocabulary", "as many as " + r.described("vocabulary"));
  else
    r.require(r.value_of("padding_id") < of_target, "padding_id", "an id below " + r.described("decoder_vocabulary"));
}

/// A key that the published code of the family does not follow, or that says nothing about the part that is imported.
inline void never_read(model_reader& r, const row& of) { r.config.find(of.name); }

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
  if (all.empty() || std::ranges::count(all, 0) == std::ssize(all)) r.set_argument("no_window");
  else if (std::ranges::count(all, all[0]) == std::ssize(all))
    r.set_argument("sliding_window<" + std::to_string(all[0]) + ">");
  else r.set_argument("sliding_windows<typeformer::" + function + ">>");
}

/// GPT-2 with `gpt3_attention` is GPT-3, whose layers see windows.
inline void gpt3_windows(model_reader& r, const row& of) {
  const tf::json_node* const given = r.config.find(of.name);
  if (given == nullptr) return;
  if (given->kind != tf::json_kind::object) return r.config.wrong(of.name, "an object");
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
