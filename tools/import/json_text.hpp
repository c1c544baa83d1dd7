// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <charconv>
#include <string>
#include <string_view>

#include <typeformer/hosted/formats/json_tree.hpp>

#include "activations.hpp"

/// Values of a config.json for sentences, for C++ and for comparison.
namespace importing {
namespace tf = typeformer;

/// The shortest text that reads back as the same number.
inline std::string text_of(double number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}
/// The same as a literal of type double.
inline std::string literal_of(double number) {
  const std::string text = text_of(number);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

inline constexpr std::size_t longest_shown = 60;

inline bool is_number(const tf::json_node& node) {
  return node.kind == tf::json_kind::integer || node.kind == tf::json_kind::number;
}
inline double number_of(const tf::json_node& node) {
  return node.kind == tf::json_kind::integer ? double(node.integer) : node.number;
}

/// A value as JSON.
inline std::string text_of(const tf::json_tree& tree, const tf::json_node& node) {
  const bool is_array = node.kind == tf::json_kind::array;
  if (node.kind == tf::json_kind::null) return "null";
  if (node.kind == tf::json_kind::boolean) return node.integer != 0 ? "true" : "false";
  if (node.kind == tf::json_kind::integer) return std::to_string(node.integer);
  if (node.kind == tf::json_kind::number) return text_of(node.number);
  if (node.kind == tf::json_kind::text) return "\"" + std::string(tree.texts.view(node.text)) + "\"";
  std::string text;
  tree.for_each_child(node, [&](const tf::json_node& child) {
    if (text.size() > longest_shown) return;
    if (!text.empty()) text += ", ";
    if (!is_array) text += "\"" + std::string(tree.texts.view(child.key)) + "\": ";
    text += text_of(tree, child);
  });
  return (is_array ? "[" : "{") + text + (is_array ? "]" : "}");
}

inline std::string on_one_line(std::string text) {
  for (char& c : text) c = c >= 0 && c < ' ' ? ' ' : c;
  return text;
}
/// A value as JSON, for a sentence.
inline std::string shown(const tf::json_tree& tree, const tf::json_node& node) {
  std::string text = text_of(tree, node);
  if (text.size() > longest_shown) text = text.substr(0, longest_shown) + "...";
  return on_one_line(std::move(text));
}

/// Numbers are compared as numbers, `swish` is `silu`, and `torch.float16` is `float16`.
inline bool is_same(const tf::json_tree& tree, const tf::json_node& a, const tf::json_node& b) {
  if (is_number(a) && is_number(b)) return number_of(a) == number_of(b);
  const auto meaning_of = [&](const tf::json_node& node) {
    if (node.kind != tf::json_kind::text) return text_of(tree, node);
    const std::string_view text = tree.texts.view(node.text), torch = "torch.";
    return std::string(activation_of(text.starts_with(torch) ? text.substr(torch.size()) : text));
  };
  return a.kind == b.kind && meaning_of(a) == meaning_of(b);
}

}  // namespace importing
