// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/text/regular_file.hpp>

namespace typeformer {

/// A `config.json` as Hugging Face writes it, read by key.
///
/// A path leads into objects and arrays: `gpt3_attention.layers.0`. A key that itself contains dots is found by its
/// whole text. `null` counts as absent, as it does in those files. If a key is repeated, the last one counts. Errors
/// name file and path.
class json_config {
 public:
  /// Errors: not a readable regular file, text that is not one JSON object or is too large (see `parse_json_tree`).
  TYPEFORMER_RARE static result<json_config, file_error> open(const std::string& path) {
    const auto json = bytes_of_regular_file(path, largest_json_tree);
    if (!json) return failure{file_error{path, {}, json.error()}};
    return parse(*json, path);
  }

  /// The same from memory. Errors give `name` as the file.
  TYPEFORMER_RARE static result<json_config, file_error> parse(std::string_view json, std::string_view name) {
    auto tree = parse_json_tree(json, name);
    if (!tree) return failure{tree.error()};
    json_config config;
    config.name_ = name;
    config.tree_ = std::move(*tree);
    if (config.tree_.nodes.front().kind != json_kind::object) {
      return failure{detail::no_json_object(name, config.tree_.nodes.front().kind)};
    }
    return result<json_config, file_error>(std::move(config));
  }

  /// Whether there is a value other than `null`.
  bool has(std::string_view path) const { return present(path) != nullptr; }

  /// A whole number written without fraction or exponent. Errors: absent, another type, beyond 64 bits signed.
  TYPEFORMER_RARE result<std::int64_t, file_error> integer(std::string_view path) const {
    const json_node* const node = present(path);
    if (node != nullptr && node->kind == json_kind::integer) return node->integer;
    return wrong(path, node, "an integer");
  }
  /// Any number. Errors: absent, another type.
  TYPEFORMER_RARE result<double, file_error> number(std::string_view path) const {
    const json_node* const node = present(path);
    if (node != nullptr && node->kind == json_kind::integer) return static_cast<double>(node->integer);
    if (node != nullptr && node->kind == json_kind::number) return node->number;
    return wrong(path, node, "a number");
  }
  /// Errors: absent, another type.
  TYPEFORMER_RARE result<bool, file_error> boolean(std::string_view path) const {
    const json_node* const node = present(path);
    if (node != nullptr && node->kind == json_kind::boolean) return node->integer != 0;
    return wrong(path, node, "true or false");
  }
  /// The text, which is valid as long as this object. Errors: absent, another type.
  TYPEFORMER_RARE result<std::string_view, file_error> text(std::string_view path) const {
    const json_node* const node = present(path);
    if (node != nullptr && node->kind == json_kind::text) return tree_.texts.view(node->text);
    return wrong(path, node, "a text");
  }
  /// The number of elements of an array or of members of an object. Errors: absent, another type.
  TYPEFORMER_RARE result<std::size_t, file_error> size(std::string_view path) const {
    const json_node* const node = present(path);
    if (node == nullptr || (node->kind != json_kind::array && node->kind != json_kind::object)) {
      return wrong(path, node, "an array or an object");
    }
    std::size_t count = 0;
    tree_.for_each_child(*node, [&](const json_node&) { ++count; });
    return count;
  }

  /// With a default for an absent value. A present value must still have the type.
  result<std::int64_t, file_error> integer(std::string_view path, std::int64_t otherwise) const {
    return has(path) ? integer(path) : otherwise;
  }
  result<double, file_error> number(std::string_view path, double otherwise) const {
    return has(path) ? number(path) : otherwise;
  }
  result<bool, file_error> boolean(std::string_view path, bool otherwise) const {
    return has(path) ? boolean(path) : otherwise;
  }
  result<std::string_view, file_error> text(std::string_view path, std::string_view otherwise) const {
    return has(path) ? text(path) : otherwise;
  }

  using text_members = std::vector<std::pair<std::string_view, std::string_view>>;
  /// Keys and texts of an object whose members are all texts, in the file's order. Errors: absent, another type.
  TYPEFORMER_RARE result<text_members, file_error> texts_of(std::string_view path) const {
    const json_node* const node = present(path);
    if (node == nullptr || node->kind != json_kind::object) return wrong(path, node, "an object");
    text_members members;
    const json_node* other = nullptr;
    tree_.for_each_child(*node, [&](const json_node& child) {
      if (child.kind == json_kind::text)
        members.emplace_back(tree_.texts.view(child.key), tree_.texts.view(child.text));
      else other = &child;
    });
    if (other != nullptr) {
      return wrong(detail::joined({path, ".", tree_.texts.view(other->key)}), other, "a text");
    }
    return result<text_members, file_error>(std::move(members));
  }

 private:
  json_config() = default;

  const json_node* present(std::string_view path) const {
    const json_node* const node = tree_.find(path);
    return node == nullptr || node->kind == json_kind::null ? nullptr : node;
  }
  TYPEFORMER_RARE failure<file_error> wrong(std::string_view path, const json_node* found,
                                            std::string_view expected) const {
    return {detail::wrong_key(name_, path, expected, found == nullptr ? nullptr : &found->kind)};
  }

  std::string name_;
  json_tree tree_;
};

}  // namespace typeformer
