// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/printable.hpp>

/// Values of a config.json: what they may be, and their texts.
namespace importing {
namespace tf = typeformer;

/// A name of config.json and the library's name for the same function.
using activation = std::pair<std::string_view, std::string_view>;

inline constexpr activation activations[] = {
    {"relu", "relu"},           {"gelu", "gelu_erf"},        {"gelu_new", "gelu_tanh"},
    {"gelu_fast", "gelu_tanh"}, {"gelu_python", "gelu_erf"}, {"gelu_pytorch_tanh", "gelu_tanh"},
    {"silu", "silu"},           {"swish", "silu"},           {"gelu_accurate", "gelu_tanh"},
    {"sigmoid", "sigmoid"},     {"relu2", "squared_relu"},   {"tanh", "tanh_activation"},
    {"mish", "mish"},           {"quick_gelu", "quick_gelu"}};

/// GPT's `afn` has its own names: its "gelu" is the one by tanh.
inline constexpr activation activations_of_gpt[] = {
    {"gelu", "gelu_tanh"}, {"relu", "relu"}, {"silu", "silu"}, {"swish", "silu"}};

/// The function of a name; the name itself if it has none.
inline constexpr std::string_view activation_of(std::string_view name) {
  for (const auto& [known, function] : activations)
    if (known == name) return function;
  return name;
}

constexpr double number_of(const tf::json_node& node) {
  return node.kind == tf::json_kind::integer ? double(node.integer) : node.number;
}
constexpr bool is_number(const tf::json_node& node) {
  return node.kind == tf::json_kind::integer || node.kind == tf::json_kind::number;
}
constexpr bool is_from_0_on(const tf::json_node& node) {
  return is_number(node) && number_of(node) >= 0 && tf::is_finite(number_of(node));
}
constexpr bool is_above_0(const tf::json_node& node) { return is_from_0_on(node) && number_of(node) > 0; }
constexpr bool is_from_0_to_below_1(const tf::json_node& node) { return is_from_0_on(node) && number_of(node) < 1; }
constexpr bool is_flag(const tf::json_node& node) { return node.kind == tf::json_kind::boolean; }
/// Larger numbers are mistakes. The product of two of them, three times, has at most 63 bits.
inline constexpr std::int64_t largest_count = std::int64_t{1} << 26;
constexpr bool is_count(const tf::json_node& node) {
  return node.kind == tf::json_kind::integer && node.integer >= 1 && node.integer <= largest_count;
}

/// What a value may be.
struct value_kind {
  std::string_view expected;
  bool (*accepts)(const tf::json_node&);
};
inline constexpr value_kind count{"a whole number from 1 to 67108864", is_count};
inline constexpr value_kind number{"a number from 0 on", is_from_0_on};
inline constexpr value_kind number_above_0{"a number above 0", is_above_0};
inline constexpr value_kind number_below_1{"a number from 0 to below 1", is_from_0_to_below_1};
inline constexpr value_kind flag{"true or false", is_flag};
inline constexpr value_kind special{"what the function that reads it accepts", nullptr};
inline constexpr value_kind without_effect{"anything", nullptr};

/// A number as C++ spells a double.
inline std::string literal_of(double value) {
  const std::string text = tf::exact_text(value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

inline constexpr std::size_t longest_shown = 60;

/// A value as JSON.
inline std::string text_of(const tf::json_tree& tree, const tf::json_node& node) {
  const bool is_array = node.kind == tf::json_kind::array;
  if (node.kind == tf::json_kind::null) return "null";
  if (is_flag(node)) return node.integer != 0 ? "true" : "false";
  if (is_number(node))
    return node.kind == tf::json_kind::integer ? std::to_string(node.integer) : tf::exact_text(node.number);
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
/// The same for a sentence.
inline std::string shown(const tf::json_tree& tree, const tf::json_node& node) {
  return tf::printable(text_of(tree, node), longest_shown);
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
