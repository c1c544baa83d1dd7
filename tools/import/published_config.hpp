// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>

#include "activations.hpp"
#include "json_text.hpp"
#include "keys_without_effect.hpp"
#include "spellings.hpp"

/// The parts of typeformer-import, which converts a config.json to the text of a C++ header.
namespace importing {

/// Larger numbers are mistakes. The product of two of them, three times, has at most 63 bits.
inline constexpr std::int64_t largest_count = std::int64_t{1} << 26;

/// A config.json whose every key must be read, so that no key which changes the result is ignored.
///
/// Only the first error is kept, since later ones may follow from it: read everything, then check `error`. A key whose
/// value is `null` counts as absent. A dot leads into an object.
class published_config {
 public:
  published_config(const tf::json_tree& tree, std::string file) : tree_{&tree}, file_{std::move(file)} {}

  bool failed() const { return !error_.problem.empty(); }
  const tf::file_error& error() const { return error_; }
  void fail(std::string_view problem, std::string_view expected = {}, std::string_view found = {}) {
    if (!failed()) error_ = {file_, {}, problem, expected, found};
  }

  /// The node of a key under any of its spellings; null if it is absent.
  const tf::json_node* find(std::string_view key) {
    for (const std::string_view spelling : spellings_of(key)) asked_.emplace_back(spelling);
    return present(spelling_in_file(key));
  }
  bool is_null(std::string_view key) const {
    const tf::json_node* const node = tree_->find(key);
    return node != nullptr && node->kind == tf::json_kind::null;
  }
  const tf::json_tree& tree() const { return *tree_; }
  std::string text_of(const tf::json_node& node) const { return importing::text_of(*tree_, node); }

  /// A whole number of at least 1; 1 after an error.
  std::int64_t count(std::string_view key) {
    const tf::json_node* const node = find(key);
    if (node != nullptr && node->kind == tf::json_kind::integer && node->integer > 0 && node->integer <= largest_count)
      return node->integer;
    wrong(key, node, "a whole number from 1 to " + std::to_string(largest_count));
    return 1;
  }
  std::int64_t count(std::string_view key, std::int64_t otherwise) {
    return find(key) == nullptr ? otherwise : count(key);
  }
  /// A number of at least 0.
  double number(std::string_view key, double otherwise) {
    const tf::json_node* const node = find(key);
    if (node == nullptr) return otherwise;
    if (!is_number(*node)) return wrong(key, node, "a number"), otherwise;
    const double value = number_of(*node);
    if (!(value >= 0) || !typeformer::is_finite(value)) return wrong(key, node, "a number from 0 on"), otherwise;
    return value;
  }
  bool boolean(std::string_view key, bool otherwise) {
    const tf::json_node* const node = find(key);
    if (node == nullptr) return otherwise;
    if (node->kind != tf::json_kind::boolean) return wrong(key, node, "true or false"), otherwise;
    return node->integer != 0;
  }
  /// A text, or another value as JSON.
  std::string text(std::string_view key, std::string_view otherwise) {
    const tf::json_node* const node = find(key);
    if (node == nullptr) return std::string(otherwise);
    return node->kind == tf::json_kind::text ? std::string(tree_->texts.view(node->text)) : text_of(*node);
  }
  /// The library's function for a name.
  std::string_view function(std::string_view key, std::string_view name, std::span<const activation> choices) {
    std::string names;
    for (const auto& [known, function] : choices) {
      if (known == name) return function;
      names += (names.empty() ? "\"" : ", \"") + std::string(known) + "\"";
    }
    wrong(key, find(key), "one of " + names);
    return choices.front().second;
  }

  /// A key with a single supported value, as JSON, which is also the meaning of its absence.
  void only(std::string_view key, std::string_view supported) {
    const tf::json_node* const node = find(key);
    if (node != nullptr && text_of(*node) != supported) unsupported(key, supported);
  }
  bool was_asked(std::string_view key) const { return std::ranges::find(asked_, key) != asked_.end(); }
  /// The first key of an object ("" is the whole file) that was not read and could change the result.
  std::string unasked_in(std::string_view object, bool searches_are_published = false) const {
    std::string found;
    const std::string path = object.empty() ? "" : std::string(object) + ".";
    tree_->for_each_child(object.empty() ? tree_->nodes.front() : *tree_->find(object), [&](const tf::json_node& node) {
      const std::string key = path + std::string(tree_->texts.view(node.key));
      const auto is_key = [&](std::string_view other) { return key == other; };
      const auto is_written = [&](const auto& one) { return key == one.first && text_of(node) == one.second; };
      if (found.empty() && node.kind != tf::json_kind::null && !was_asked(key) &&
          std::ranges::none_of(keys_without_effect, is_key) &&
          std::ranges::none_of(values_without_effect, is_written) &&
          (searches_are_published || std::ranges::none_of(keys_of_searches, is_key)))
        found = key;
    });
    return found;
  }
  /// Sets an error if there is such a key.
  void require_all_asked(std::string_view object = {}, bool searches_are_published = false) {
    if (const std::string key = unasked_in(object, searches_are_published); !key.empty())
      fail(named(key) + " = " + shown(*tree_, *tree_->find(key)) + " is not supported: what it changes would be lost");
  }

  /// Reports two spellings of one key that have different values.
  void require_one_value_of_each() {
    for (const auto& line : spellings) {
      std::string_view first;
      for (const std::string_view key : line) {
        if (key.empty() || present(key) == nullptr) continue;
        if (first.empty()) first = key;
        else if (!is_same(*tree_, *present(first), *present(key)))
          fail(named(first) + " = " + shown(*tree_, *present(first)) + " and " + named(key) + " = " +
                   shown(*tree_, *present(key)) + " mean the same thing",
               "one value", "two");
      }
    }
  }

  /// The reason is a sentence about the value in the file.
  void wrong(std::string_view key, const tf::json_node* found, std::string_view expected) {
    if (found == nullptr) fail(named(key) + " is missing");
    else fail(named(key), expected, shown(*tree_, *found));
  }
  void unsupported(std::string_view key, std::string_view supported) {
    const tf::json_node* const node = tree_->find(spelling_in_file(key));
    fail(named(key) + " = " + (node == nullptr ? "null" : shown(*tree_, *node)) + " is not supported", supported);
  }
  std::string named(std::string_view key) const {
    return "key \"" + on_one_line(std::string(spelling_in_file(key))) + "\"";
  }

 private:
  const tf::json_node* present(std::string_view key) const {
    const tf::json_node* const node = tree_->find(key);
    return node == nullptr || node->kind == tf::json_kind::null ? nullptr : node;
  }
  /// The spelling in the file, or else the key itself.
  std::string_view spelling_in_file(std::string_view key) const {
    for (const std::string_view spelling : spellings_of(key))
      if (present(spelling) != nullptr) return spelling;
    return key;
  }

  const tf::json_tree* tree_;
  std::string file_;
  std::vector<std::string> asked_;
  tf::file_error error_;
};

}  // namespace importing
