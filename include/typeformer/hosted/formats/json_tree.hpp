// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_events.hpp>
#include <typeformer/hosted/formats/json_kind.hpp>
#include <typeformer/hosted/formats/text_pool.hpp>

namespace typeformer {

/// One value of a JSON text. `integer` also holds a boolean; `number` holds what does not fit a signed 64-bit integer.
struct json_node {
  json_kind kind = json_kind::null;
  text_pool::range key, text;
  std::int64_t integer = 0;
  double number = 0.0;
  std::size_t end = 0;
};

/// A JSON value in depth-first order: a node's children follow it, up to its `end`.
struct json_tree {
  text_pool texts;
  std::vector<json_node> nodes;

  template <class Visit> void for_each_child(const json_node& parent, Visit visit) const {
    for (auto at = static_cast<std::size_t>(&parent - nodes.data()) + 1; at < parent.end; at = nodes[at].end)
      visit(nodes[at]);
  }

  /// The node at `path`, or null; see `json_config`.
  TYPEFORMER_RARE const json_node* find(std::string_view path) const {
    const json_node* node = nodes.data();
    while (true) {
      if (const json_node* const whole = child(*node, path)) return whole;
      const std::size_t dot = path.find('.');
      if (dot == std::string_view::npos) return nullptr;
      node = child(*node, path.substr(0, dot));
      if (node == nullptr) return nullptr;
      path.remove_prefix(dot + 1);
    }
  }

 private:
  const json_node* child(const json_node& parent, std::string_view key) const {
    const json_node* found = nullptr;
    if (parent.kind == json_kind::array) {
      std::size_t skipped = 0, position = 0;
      if (!array_position(key, position)) return nullptr;
      for_each_child(parent, [&](const json_node& node) { found = skipped++ == position ? &node : found; });
    } else if (parent.kind == json_kind::object) {
      for_each_child(parent, [&](const json_node& node) { found = texts.view(node.key) == key ? &node : found; });
    }
    return found;
  }

  static bool array_position(std::string_view digits, std::size_t& position) {
    if (digits.empty() || digits.size() > 9) return false;
    for (const char digit : digits) {
      if (digit < '0' || digit > '9') return false;
      position = position * 10 + static_cast<std::size_t>(digit - '0');
    }
    return true;
  }
};

namespace detail {

class json_tree_builder final : public json_events {
 public:
  json_tree tree;

  bool null() override { return leaf(json_kind::null); }
  bool boolean(bool value) override { return leaf(json_kind::boolean, value ? 1 : 0); }
  bool integer(std::int64_t value) override { return leaf(json_kind::integer, value); }
  bool unsigned_integer(std::uint64_t value) override {
    if (value >> 63 != 0) return real(static_cast<double>(value));
    return leaf(json_kind::integer, static_cast<std::int64_t>(value));
  }
  bool real(double value) override {
    if (!leaf(json_kind::number)) return false;
    tree.nodes.back().number = value;
    return true;
  }
  bool text(std::string_view value) override {
    if (!leaf(json_kind::text)) return false;
    tree.nodes.back().text = tree.texts.add(value);
    return true;
  }
  bool key(std::string_view name) override {
    key_ = tree.texts.add(name);
    return true;
  }
  bool begin_object() override { return open(json_kind::object); }
  bool end_object() override { return close(); }
  bool begin_array() override { return open(json_kind::array); }
  bool end_array() override { return close(); }

 private:
  [[gnu::noinline]] bool leaf(json_kind kind, std::int64_t integer = 0) {
    if (tree.nodes.size() == most_json_values)
      return reject("JSON has too many values: expected at most ", digits_of(most_json_values));
    json_node node;
    node.kind = kind;
    node.key = key_;
    node.integer = integer;
    node.end = tree.nodes.size() + 1;
    tree.nodes.push_back(node);
    key_ = {};
    return true;
  }
  bool open(json_kind kind) {
    open_.push_back(tree.nodes.size());
    return leaf(kind);
  }
  bool close() {
    tree.nodes[open_.back()].end = tree.nodes.size();
    open_.pop_back();
    return true;
  }

  text_pool::range key_;
  std::vector<std::size_t> open_;
};

}  // namespace detail

/// The tree of a JSON text of limited size and depth. Errors give `name` as the file.
///
/// Errors: text that is not one JSON value, is too large (`largest_json_tree`, `most_json_values`) or is nested too
/// deeply.
TYPEFORMER_RARE inline result<json_tree, file_error> parse_json_tree(std::string_view json, std::string_view name) {
  using detail::digits_of;
  if (json.size() > largest_json_tree)
    return failure{file_error{name,
                              {},
                              "JSON is too large",
                              detail::joined({"at most ", digits_of(largest_json_tree), " bytes"}),
                              digits_of(json.size())}};
  detail::json_tree_builder builder;
  if (const auto parsed = parse_json(json, builder); !parsed)
    return failure{detail::invalid_json(name, parsed.error())};
  return result<json_tree, file_error>(std::move(builder.tree));
}

}  // namespace typeformer
