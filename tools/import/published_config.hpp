// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/files/file_error.hpp>

#include "keys.hpp"

/// The parts of typeformer-import, which converts a config.json to the text of a C++ header.
namespace importing {

/// In place of a default: the key must be there.
inline constexpr std::string_view required = "required";

/// A config.json whose every key must be read, so that no key which changes the result is ignored.
///
/// Values are found by the name of their meaning, or by their key. A key whose value is `null` counts as absent. Only
/// the first error is kept, since later ones may follow from it: read everything, then check `error`.
class published_config {
 public:
  published_config(const tf::json_tree& tree, std::string file) : tree_{&tree}, file_{std::move(file)} {}

  bool failed() const { return !error_.problem.empty(); }
  const tf::file_error& error() const { return error_; }
  void fail(std::string_view problem, std::string_view expected = {}, std::string_view found = {}) {
    if (!failed()) error_ = {file_, {}, problem, expected, found};
  }

  /// Null if the value is absent. An error if two spellings have different values.
  const tf::json_node* find(std::string_view name) {
    const tf::json_node* first = nullptr;
    for (const std::string_view key : keys_of(name)) {
      const tf::json_node* const node = present(key);
      if (node == nullptr) continue;
      read_.push_back(node);
      if (first != nullptr && !is_same(*tree_, *first, *node))
        fail(assignment(key_of(name)) + " and " + assignment(key) + " mean the same thing", "one value", "two");
      if (first == nullptr || node->kind == tf::json_kind::integer) first = node;  // 3, not 3.0
    }
    return first;
  }
  /// Counts a key, with all that its value holds, as read.
  void ignore(std::string_view key) {
    const tf::json_node* const node = present(key);
    if (node == nullptr) return;
    const tf::json_node* const end = node->end > 0 ? tree_->nodes.data() + node->end : node + 1;
    for (const tf::json_node* one = node; one < end; ++one) read_.push_back(one);
  }
  const tf::json_tree& tree() const { return *tree_; }
  std::string text_of(const tf::json_node& node) const { return importing::text_of(*tree_, node); }

  /// A value of its meaning's kind, as C++ spells it; "1" after an error.
  std::string value(std::string_view name, std::string_view otherwise) {
    const tf::json_node* const node = find(name);
    if (node == nullptr && otherwise != required) return std::string(otherwise);
    const value_kind& kind = meaning_of(name)->kind;
    if (node == nullptr || !kind.accepts(*node)) return wrong(name, kind.expected), "1";
    if (kind.accepts == is_count || kind.accepts == is_flag) return text_of(*node);
    return literal_of(number_of(*node));
  }
  /// A text, or another value as JSON.
  std::string text(std::string_view name, std::string_view otherwise) {
    const tf::json_node* const node = find(name);
    if (node == nullptr) return std::string(otherwise);
    return node->kind == tf::json_kind::text ? std::string(tree_->texts.view(node->text)) : text_of(*node);
  }
  /// The library's function for the name that a key holds.
  std::string function(std::string_view name, std::string_view called, std::span<const activation> choices) {
    std::string names;
    for (const auto& [known, function] : choices) {
      if (known == called) return std::string(function);
      names += (names.empty() ? "one of \"" : ", \"") + std::string(known) + "\"";
    }
    wrong(name, names);
    return {};
  }
  /// A key with a single supported value, as JSON, which is also the meaning of its absence.
  void only(std::string_view name, std::string_view supported) {
    const tf::json_node* const node = find(name);
    if (node != nullptr && text_of(*node) != supported) unsupported(name, supported);
  }

  /// An error for the first key that was not read and could change the result.
  void require_all_read(bool searches_are_published) {
    for (const meaning& one : meanings)
      if (one.kind.expected == without_effect.expected) find(one.name);
    require_all_read(tree_->nodes.front(), "", searches_are_published);
  }

  /// The reason is a sentence about the value in the file.
  void wrong(std::string_view name, std::string_view expected) {
    const tf::json_node* const node = present(key_of(name));
    if (node != nullptr) return fail(named(name), expected, shown(*tree_, *node));
    std::string keys;
    for (const std::string_view key : keys_of(name))
      keys.append(keys.empty() ? "key \"" : " or \"").append(key).append("\"");
    fail(keys + " is missing");
  }
  void unsupported(std::string_view name, std::string_view supported) {
    fail(assignment(key_of(name)) + " is not supported", supported);
  }
  std::string named(std::string_view name) const { return "key \"" + std::string(key_of(name)) + "\""; }

 private:
  void require_all_read(const tf::json_node& parent, const std::string& path, bool searches_are_published) {
    tree_->for_each_child(parent, [&](const tf::json_node& node) {
      const std::string key = path + std::string(tree_->texts.view(node.key)), value = text_of(node);
      const bool is_read = std::ranges::find(read_, &node) != read_.end();
      if (node.kind == tf::json_kind::null || is_without_effect(key, searches_are_published)) return;
      for (const auto& [harmless, its_value] : harmless_values)
        if (harmless == key && !is_read) return only(key, its_value);
      if (node.kind == tf::json_kind::object && value != "{}")
        require_all_read(node, key + ".", searches_are_published);
      else if (!is_read) fail(assignment(key) + " is not supported: what it changes would be lost");
    });
  }
  const tf::json_node* present(std::string_view key) const {
    const tf::json_node* const node = tree_->find(key);
    return node == nullptr || node->kind == tf::json_kind::null ? nullptr : node;
  }
  /// The spelling in the file, or else the first one.
  std::string_view key_of(std::string_view name) const {
    const auto keys = keys_of(name);
    const auto found = std::ranges::find_if(keys, [&](std::string_view key) { return present(key) != nullptr; });
    return found == keys.end() ? keys.front() : *found;
  }
  std::string assignment(std::string_view key) const {
    const tf::json_node* const node = present(key);
    return "key \"" + std::string(key) + "\" = " + (node == nullptr ? "null" : shown(*tree_, *node));
  }

  const tf::json_tree* tree_;
  std::string file_;
  std::vector<const tf::json_node*> read_;
  tf::file_error error_;
};

}  // namespace importing
