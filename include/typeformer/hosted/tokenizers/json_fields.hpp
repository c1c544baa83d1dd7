// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// Reads fields of a JSON text. The first problem is kept; after it all fields are empty.
class json_reader {
 public:
  explicit json_reader(const json_tree& tree) : tree_{tree} {}

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  void reject(const std::string& problem) {
    if (ok()) problem_ = problem;
  }
  const json_node& root() const { return tree_.nodes.front(); }
  std::string_view text(const json_node& node) const { return tree_.texts.view(node.text); }
  std::string_view key(const json_node& node) const { return tree_.texts.view(node.key); }
  template <class Visit> void for_each(const json_node& parent, Visit visit) const {
    tree_.for_each_child(parent, [&](const json_node& child) {
      if (ok()) visit(child);
    });
  }

  /// The value of a key, if it is there and not null.
  const json_node* find(const json_node& object, std::string_view name) const {
    const json_node* found = nullptr;
    if (object.kind == json_kind::object)
      tree_.for_each_child(object, [&](const json_node& child) {
        if (key(child) == name) found = &child;
      });
    return found == nullptr || found->kind == json_kind::null ? nullptr : found;
  }
  /// The value of a key that must be there, of a kind.
  const json_node* require(const json_node& object, std::string_view name, json_kind kind) {
    const json_node* const found = find(object, name);
    if (found != nullptr && found->kind == kind) return found;
    expected(name, name_of(kind), found == nullptr ? "none" : name_of(found->kind));
    return nullptr;
  }

  bool boolean(const json_node& object, std::string_view name, bool otherwise) {
    const json_node* const found = of_kind(object, name, json_kind::boolean);
    return found == nullptr ? otherwise : found->integer != 0;
  }
  std::int64_t integer(const json_node& object, std::string_view name, std::int64_t otherwise) {
    const json_node* const found = of_kind(object, name, json_kind::integer);
    return found == nullptr ? otherwise : found->integer;
  }
  std::string string(const json_node& object, std::string_view name, std::string_view otherwise) {
    const json_node* const found = of_kind(object, name, json_kind::text);
    return std::string(found == nullptr ? otherwise : text(*found));
  }
  /// A text of one character.
  char32_t character(const json_node& object, std::string_view name, char32_t otherwise) {
    const json_node* const found = of_kind(object, name, json_kind::text);
    if (found == nullptr) return otherwise;
    const std::string_view whole = text(*found);
    const utf8_step step = whole.empty() ? utf8_step{} : utf8_at(whole, 0);
    if (step.size == 0 || step.size != whole.size()) expected(name, "one character", quoted_name(whole));
    return step.code_point;
  }
  /// An id of a token.
  std::int32_t id(const json_node& node) {
    constexpr std::int64_t most = 0x7FFF'FFFE;
    if (node.kind == json_kind::integer && node.integer >= 0 && node.integer <= most)
      return static_cast<std::int32_t>(node.integer);
    expected("id", "a number from 0 to " + std::to_string(most),
             node.kind == json_kind::integer ? std::to_string(node.integer) : std::string(name_of(node.kind)));
    return 0;
  }
  void expected(std::string_view name, std::string_view what, std::string_view found) {
    reject(std::string(name) + ": expected " + std::string(what) + ", found " + std::string(found));
  }

 private:
  const json_node* of_kind(const json_node& object, std::string_view name, json_kind kind) {
    const json_node* const found = find(object, name);
    if (found == nullptr || found->kind == kind) return found;
    expected(name, name_of(kind), name_of(found->kind));
    return nullptr;
  }

  const json_tree& tree_;
  std::string problem_;
};

}  // namespace typeformer
