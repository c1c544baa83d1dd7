// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/text/detail/template_functions.hpp>
#include <typeformer/text/detail/template_operators.hpp>
#include <typeformer/text/detail/template_texts.hpp>
#include <typeformer/text/detail/template_value.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer::detail {

/// `value is name(arguments)`.
inline bool template_test(const template_value& value, std::string_view name, const template_arguments& given,
                          template_work& work) {
  using kind = template_type;
  const template_value other = given.get(0, "");
  if (name == "defined") return !value.is(kind::undefined);
  if (name == "undefined") return value.is(kind::undefined);
  if (name == "none") return value.is(kind::none);
  if (name == "string") return value.is(kind::text);
  if (name == "mapping") return value.is_map();
  if (name == "sequence" || name == "iterable") return value.is(kind::list) || value.is(kind::text) || value.is_map();
  if (name == "number") return value.is_number();
  if (name == "integer") return value.is(kind::integer);
  if (name == "float") return value.is(kind::number);
  if (name == "boolean") return value.is(kind::boolean);
  if (name == "true") return value.is(kind::boolean) && value.integer != 0;
  if (name == "false") return value.is(kind::boolean) && value.integer == 0;
  if (name == "callable") return value.is(kind::function);
  if ((name == "odd" || name == "even") && value.is_whole()) return (value.integer % 2 == 0) == (name == "even");
  if (name == "divisibleby" && value.is_whole() && other.is_whole() && other.integer > 0)
    return value.integer % other.integer == 0;
  if (name == "equalto" || name == "eq") return template_equal(value, other, work);
  if (name == "ne") return !template_equal(value, other, work);
  if (name == "in") return template_contains(other, value, work);
  work.unsupported("test", name);
  return false;
}

/// The elements whose attribute passes, or does not pass, a test: `selectattr("role", "equalto", "user")`.
inline template_value template_selected(const template_value& from, const template_arguments& given, bool wanted,
                                        template_work& work) {
  template_value::elements kept;
  const template_value name = given.get(0, ""), test = given.get(1, "");
  if (!name.is(template_type::text) || name.view().find('.') != std::string_view::npos)
    return work.fail("a selection by what is not one attribute is not supported");
  for (const template_value& each : template_elements(from, work)) {
    const template_value of = template_item(each, name, work);
    const bool passes =
        test.is(template_type::text) ? template_test(of, test.view(), {{given.get(2, "")}, {}}, work) : of.is_true();
    if (!work.ok()) return {};
    if (passes == wanted) kept.push_back(each);
  }
  return template_container(template_value::of(std::move(kept)), work);
}

inline template_value template_joined(const template_value& list, const template_value& between, template_work& work) {
  std::string made;
  bool is_first = true;
  for (const template_value& each : template_elements(list, work)) {
    if (!std::exchange(is_first, false)) made += between.view();
    made += template_text(each, work);
    if (!work.spend(between.view().size())) return {};
  }
  return template_value::of(std::move(made));
}

inline template_value template_json(const template_value& value, const template_arguments& given, template_work& work) {
  for (const template_member& each : given.named)
    if (each.name != "ensure_ascii" || each.value.is_true()) return work.unsupported("argument of tojson", each.name);
  if (!given.values.empty()) return work.unsupported("argument of", "tojson");
  std::string made;
  append_template_json(made, value, work);
  return template_value::of(std::move(made));
}

inline template_value template_whole(const template_value& value, template_work& work) {
  if (value.is_whole()) return template_value::of(value.integer);
  if (value.is(template_type::number) && value.number > -0x1p62 && value.number < 0x1p62)
    return template_value::of(static_cast<std::int64_t>(value.number));
  const auto number = number_in<std::int64_t>(template_stripped(value.view(), {}, true, true));
  return number ? template_value::of(*number) : work.fail("\"int\" of what is no number is not supported");
}

/// `value | name(arguments)`.
inline template_value template_filter(const template_value& value, std::string_view name,
                                      const template_arguments& given, template_work& work) {
  using kind = template_type;
  if (name == "default" || name == "d") {
    const bool replaces = value.is(kind::undefined) || (given.get(1, "boolean").is_true() && !value.is_true());
    const template_value otherwise = given.get(0, "default_value");
    return !replaces ? value : otherwise.is(kind::undefined) ? template_value::of("") : otherwise;
  }
  if (name == "tojson") return template_json(value, given, work);
  if (name == "string") return template_value::of(template_text(value, work));
  if (name == "int") return template_whole(value, work);
  if (name == "safe") return value;
  if (name == "join") return template_joined(value, given.get(0, "d"), work);
  if (name == "list") return template_container(template_value::of(template_elements(value, work)), work);
  if (name == "selectattr") return template_selected(value, given, true, work);
  if (name == "rejectattr") return template_selected(value, given, false, work);
  if (name == "items" && value.is_map()) return template_pairs(value, work);
  if (name == "length" || name == "count") {
    if (value.is(kind::text)) return work.spend(value.text->size()), template_value::of(template_length(value.view()));
    return template_value::of(static_cast<std::int64_t>(template_elements(value, work).size()));
  }
  if (name == "first" || name == "last") {
    const template_value::elements all = template_elements(value, work);
    return all.empty() ? template_value{} : name == "first" ? all.front() : all.back();
  }
  if (name == "reverse" && value.is(kind::list))
    return template_slice(value, {}, {}, template_value::of(std::int64_t{-1}), work);
  if (name == "map" && given.values.empty() && given.get(0, "attribute").is(kind::text)) {
    template_value::elements all;
    for (const template_value& each : template_elements(value, work))
      all.push_back(template_item(each, given.get(0, "attribute"), work));
    return template_container(template_value::of(std::move(all)), work);
  }
  const std::string text = template_text(value, work);
  if (name == "trim") return template_value::of(template_stripped(text, given.get(0, "chars"), true, true));
  if (name == "upper") return template_in_case(text, template_case::upper, work);
  if (name == "lower") return template_in_case(text, template_case::lower, work);
  if (name == "capitalize") return template_in_case(text, template_case::capital, work);
  if (name == "title") return template_in_case(text, template_case::title, work);
  if (name == "replace" && given.values.size() == 2)
    return template_replaced(text, given.values[0].view(), given.values[1].view(), work);
  if (!work.ok()) return {};
  return work.unsupported("filter", name);
}

}  // namespace typeformer::detail
