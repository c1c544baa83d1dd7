// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/grammars/detail/schema_text.hpp>
#include <typeformer/text/printable.hpp>

namespace typeformer::detail {

enum class schema_type : std::uint8_t { null, boolean, integer, number, string, array, object };

/// Reads the keywords of a schema. The first problem is kept.
class schema_keywords : protected schema_text {
 protected:
  using schema_text::schema_text;

  static constexpr std::string_view annotations[] = {"$schema",     "$id",        "$comment",    "$defs",
                                                     "definitions", "title",      "description", "default",
                                                     "examples",    "deprecated", "readOnly",    "writeOnly"};
  static constexpr std::string_view keywords[] = {"$ref",
                                                  "anyOf",
                                                  "enum",
                                                  "const",
                                                  "type",
                                                  "properties",
                                                  "required",
                                                  "additionalProperties",
                                                  "items",
                                                  "minItems",
                                                  "maxItems",
                                                  "minLength",
                                                  "maxLength",
                                                  "pattern",
                                                  "minimum",
                                                  "maximum",
                                                  "exclusiveMinimum",
                                                  "exclusiveMaximum"};

  bool knows_all(const json_node& node) {
    for_each(node, [&](const json_node& each) {
      const std::string_view key = key_of(each);
      if (std::ranges::find(annotations, key) == std::ranges::end(annotations) &&
          std::ranges::find(keywords, key) == std::ranges::end(keywords))
        fail(joined({"the keyword ", quoted_name(key), " is not supported"}));
    });
    return ok();
  }
  /// Whether no other keyword constrains the same value. A list of values may have a type.
  bool stands_alone(const json_node& node, std::string_view keyword) {
    for_each(node, [&](const json_node& each) {
      const std::string_view key = key_of(each);
      const bool is_type = key == "type" && (keyword == "enum" || keyword == "const");
      if (key != keyword && !is_type && std::ranges::find(annotations, key) == std::ranges::end(annotations))
        fail(joined({quoted_name(key), " beside ", quoted_name(keyword), " is not supported"}));
    });
    return ok();
  }

  /// The types that a schema names, or what its keywords are about; none: any.
  std::vector<schema_type> types(const json_node& node) {
    constexpr std::string_view type_names[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
    std::vector<schema_type> found;
    const json_node* const named = find(node, "type");
    const place here{*this, named == nullptr ? "" : "type"};
    const auto add = [&](const json_node& name) {
      const auto* const at = std::ranges::find(type_names, name.kind == json_kind::text ? text_of(name) : "");
      if (at == std::ranges::end(type_names)) return fail("expected the name of a type");
      const auto type = static_cast<schema_type>(at - type_names);
      if (std::ranges::find(found, type) == found.end()) found.push_back(type);
    };
    if (named != nullptr && named->kind == json_kind::array) for_each(*named, add);
    else if (named != nullptr) add(*named);
    if (named != nullptr) {
      if (found.empty()) fail("expected the name of a type");
      return found;
    }
    constexpr std::pair<std::string_view, schema_type> about[] = {{"properties", schema_type::object},
                                                                  {"required", schema_type::object},
                                                                  {"additionalProperties", schema_type::object},
                                                                  {"items", schema_type::array},
                                                                  {"minItems", schema_type::array},
                                                                  {"maxItems", schema_type::array},
                                                                  {"minLength", schema_type::string},
                                                                  {"maxLength", schema_type::string},
                                                                  {"pattern", schema_type::string},
                                                                  {"minimum", schema_type::number},
                                                                  {"maximum", schema_type::number},
                                                                  {"exclusiveMinimum", schema_type::number},
                                                                  {"exclusiveMaximum", schema_type::number}};
    for (const auto& [keyword, type] : about)
      if (find(node, keyword) != nullptr && std::ranges::find(found, type) == found.end()) found.push_back(type);
    return found;
  }
  static bool is_of_type(const json_node& value, schema_type type) {
    const double number = value.kind == json_kind::integer ? 0.0 : value.number;
    switch (value.kind) {
      case json_kind::null: return type == schema_type::null;
      case json_kind::boolean: return type == schema_type::boolean;
      case json_kind::integer:
      case json_kind::number:
        return type == schema_type::number || (type == schema_type::integer && number == std::floor(number));
      case json_kind::text: return type == schema_type::string;
      case json_kind::array: return type == schema_type::array;
      case json_kind::object: return type == schema_type::object;
    }
    return false;
  }

  std::uint32_t count(const json_node& node, std::string_view keyword, std::uint32_t otherwise) {
    constexpr std::int64_t most = 1'000'000'000;
    const json_node* const found = find(node, keyword);
    if (found == nullptr) return otherwise;
    if (found->kind == json_kind::integer && found->integer >= 0 && found->integer <= most)
      return static_cast<std::uint32_t>(found->integer);
    const place here{*this, keyword};
    fail(joined({"expected an integer from 0 to ", digits_of(most)}));
    return otherwise;
  }
  /// The stricter one of two bounds. Draft 4 has a boolean in place of the second one.
  std::optional<double> bound(const json_node& node, std::string_view keyword, std::string_view exclusive,
                              bool& excludes) {
    const auto value = [&](std::string_view of) -> std::optional<double> {
      const json_node* const found = find(node, of);
      if (found == nullptr || (of == exclusive && found->kind == json_kind::boolean)) return {};
      if (found->kind == json_kind::integer) return static_cast<double>(found->integer);
      if (found->kind == json_kind::number) return found->number;
      const place here{*this, of};
      fail("expected a number");
      return {};
    };
    const json_node* const flag = find(node, exclusive);
    const auto with = value(keyword), without = value(exclusive);
    excludes = flag != nullptr && flag->kind == json_kind::boolean && flag->integer != 0;
    if (!with || !without) excludes = excludes || without.has_value();
    else excludes = keyword == "minimum" ? *without >= *with : *without <= *with;
    return with && !(without && excludes) ? with : without;
  }
  std::vector<std::string_view> names(const json_node& node, std::string_view keyword) {
    std::vector<std::string_view> all;
    const json_node* const list = find(node, keyword);
    if (list == nullptr) return all;
    const place here{*this, keyword};
    if (list->kind != json_kind::array) fail("expected an array");
    else
      for_each(*list, [&](const json_node& name) {
        if (name.kind != json_kind::text) return fail("expected strings");
        all.push_back(text_of(name));
      });
    return all;
  }
};

}  // namespace typeformer::detail
