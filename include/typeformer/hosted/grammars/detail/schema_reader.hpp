// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/json_tree.hpp>
#include <typeformer/hosted/grammars/detail/schema_keywords.hpp>
#include <typeformer/hosted/grammars/expression_grammar.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/hosted/grammars/json_grammar.hpp>
#include <typeformer/hosted/grammars/json_schema_options.hpp>

namespace typeformer::detail {

/// Makes a grammar of a schema. The first problem is kept, with the place in the schema.
class schema_reader : schema_keywords {
 public:
  schema_reader(const json_tree& tree, const json_schema_options& options) : schema_keywords{tree}, options_{options} {}

  result<grammar, grammar_error> read() {
    grammar whole = schema(root());
    if (ok()) return result<grammar, grammar_error>(std::move(whole));
    return failure{grammar_error{problem()}};
  }

 private:
  static constexpr std::size_t deepest = 100, most_read = 20'000;

  grammar schema(const json_node& node) {
    if (++read_ > most_read || open_.size() > deepest) return fail("a schema that is so large"), grammar{};
    if (node.kind == json_kind::boolean) return node.integer != 0 ? any() : grammar::nothing();
    if (node.kind != json_kind::object) return fail("expected an object or a boolean"), grammar{};
    if (!ok() || !knows_all(node)) return {};
    open_.push_back(&node);
    grammar made = described(node);
    open_.pop_back();
    return made;
  }

  grammar described(const json_node& node) {
    for (const std::string_view whole : {"$ref", "anyOf", "enum", "const"})
      if (const json_node* const found = find(node, whole)) {
        if (!stands_alone(node, whole)) return {};
        const place here{*this, whole};
        if (whole == "$ref") return reference(*found);
        if (whole == "anyOf") return any_of(*found);
        return values(node, *found, whole == "enum");
      }
    std::vector<grammar> parts;
    for (const schema_type type : types(node)) parts.push_back(of_type(node, type));
    return parts.empty() ? any() : grammar::choice(std::move(parts));
  }

  grammar any() const { return json_grammar::value(options_.depth_of_any_value, options_.most_spaces); }

  grammar any_of(const json_node& list) {
    if (list.kind != json_kind::array) return fail("expected an array"), grammar{};
    std::vector<grammar> parts;
    for_each(list, [&](const json_node& part) { parts.push_back(schema(part)); });
    return grammar::choice(std::move(parts));
  }

  grammar reference(const json_node& target) {
    const json_node* const found = resolve(target);
    if (found == nullptr) return {};
    if (std::ranges::count(open_, found) > options_.most_recursions) return grammar::nothing();
    return schema(*found);
  }

  grammar values(const json_node& node, const json_node& allowed, bool is_list) {
    std::vector<grammar> parts;
    const std::vector<schema_type> wanted = types(node);
    const auto add = [&](const json_node& value) {
      if (wanted.empty() || std::ranges::any_of(wanted, [&](schema_type type) { return is_of_type(value, type); }))
        parts.push_back(grammar::text(spelled(value)));
    };
    if (!is_list) add(allowed);
    else if (allowed.kind == json_kind::array) for_each(allowed, add);
    else fail("expected an array");
    return grammar::choice(std::move(parts));
  }

  grammar of_type(const json_node& node, schema_type type) {
    switch (type) {
      case schema_type::null: return json_grammar::null();
      case schema_type::boolean: return json_grammar::boolean();
      case schema_type::integer: return number(node, true);
      case schema_type::number: return number(node, false);
      case schema_type::string: return string(node);
      case schema_type::array: return array(node);
      case schema_type::object: return object(node);
    }
    return {};
  }

  grammar number(const json_node& node, bool is_integer) {
    bool excludes_low = false, excludes_high = false;
    const auto low = bound(node, "minimum", "exclusiveMinimum", excludes_low);
    const auto high = bound(node, "maximum", "exclusiveMaximum", excludes_high);
    if (!low && !high) return is_integer ? json_grammar::integer() : json_grammar::number();
    const double most = static_cast<double>(largest_decimal);
    const double from = std::clamp(low.value_or(-most), -most - 1, most + 1);
    const double to = std::clamp(high.value_or(most), -most - 1, most + 1);
    if (is_integer) {
      const auto first = static_cast<std::int64_t>(excludes_low ? std::floor(from) + 1 : std::ceil(from));
      const auto last = static_cast<std::int64_t>(excludes_high ? std::ceil(to) - 1 : std::floor(to));
      return integers_between(first, last);
    }
    if (from != std::floor(from) || to != std::floor(to)) {
      fail("a bound of a number (not of an integer) that is not whole is not supported");
      return {};
    }
    return decimals_between(static_cast<std::int64_t>(from), excludes_low, static_cast<std::int64_t>(to),
                            excludes_high);
  }

  grammar string(const json_node& node) {
    const json_node* const pattern = find(node, "pattern");
    if (pattern == nullptr) {
      const std::uint32_t least = count(node, "minLength", 0);
      return json_grammar::string(least, count(node, "maxLength", grammar::without_end));
    }
    const place here{*this, "pattern"};
    if (find(node, "minLength") != nullptr || find(node, "maxLength") != nullptr)
      return fail("a pattern beside minLength or maxLength is not supported"), grammar{};
    if (pattern->kind != json_kind::text) return fail("expected a string"), grammar{};
    const auto parsed = expression_grammar(text_of(*pattern));
    if (!parsed) return fail(parsed.error().message()), grammar{};
    return json_grammar::quoted(json_grammar::escaped(*parsed));
  }

  grammar array(const json_node& node) {
    const std::uint32_t least = count(node, "minItems", 0), most = count(node, "maxItems", grammar::without_end);
    const json_node* const items = find(node, "items");
    const place here{*this, "items"};
    return json_grammar::array(items == nullptr ? any() : schema(*items), least, most, options_.most_spaces);
  }

  grammar object(const json_node& node) {
    const json_node *const properties = find(node, "properties"), *const others = find(node, "additionalProperties");
    const std::vector<std::string_view> required = names(node, "required");
    if (properties == nullptr && required.empty()) {
      const place here{*this, "additionalProperties"};
      if (others == nullptr) return json_grammar::map(any(), options_.most_spaces);
      if (others->kind == json_kind::boolean && others->integer == 0) return grammar::text("{}");
      return json_grammar::map(schema(*others), options_.most_spaces);
    }
    std::vector<grammar::member> members;
    std::vector<std::string_view> known;
    const place here{*this, "properties"};
    if (properties != nullptr && properties->kind != json_kind::object) return fail("expected an object"), grammar{};
    if (properties != nullptr)
      for_each(*properties, [&](const json_node& each) {
        const std::string_view name = key_of(each);
        const place inner{*this, name};
        if (std::ranges::find(known, name) != known.end()) return fail("a property that is there twice");
        known.push_back(name);
        grammar pair =
            json_grammar::pair(grammar::text(json_grammar::quoted(name)), schema(each), options_.most_spaces);
        members.push_back(
            {std::make_shared<const grammar>(std::move(pair)), std::ranges::find(required, name) != required.end()});
      });
    for (const std::string_view name : required)
      if (std::ranges::find(known, name) == known.end())
        return fail(joined({"expected every required property, found none with the name ", quoted_name(name)})),
               grammar{};
    return grammar::sequence({grammar::text("{"),
                              grammar::members(std::move(members), json_grammar::separator(",", options_.most_spaces)),
                              grammar::text("}")});
  }

  json_schema_options options_;
  std::vector<const json_node*> open_;
  std::size_t read_ = 0;
};

}  // namespace typeformer::detail
