// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/text/detail/template_texts.hpp>
#include <typeformer/text/detail/template_value.hpp>

namespace typeformer::detail {

inline template_value joined_template_texts(std::string a, const std::string& b, template_work& work) {
  if (!work.spend(a.size() + b.size())) return {};
  return template_value::of(a += b);
}

inline template_value template_arithmetic(std::string_view sign, const template_value& a, const template_value& b,
                                          template_work& work) {
  const auto unsuited = [&] {
    return work.fail("\"" + std::string(sign) + "\" of " + std::string(name_of(a.kind)) + " and " +
                     std::string(name_of(b.kind)) + " is not supported");
  };
  if (sign == "+" && a.is(template_type::text) && b.is(template_type::text))
    return joined_template_texts(*a.text, *b.text, work);
  if (sign == "+" && a.is(template_type::list) && b.is(template_type::list)) {
    template_value::elements all = *a.list;
    all.insert(all.end(), b.list->begin(), b.list->end());
    return template_container(template_value::of(std::move(all)), work);
  }
  if (!a.is_number() || !b.is_number()) return unsuited();
  const bool divides = sign == "/" || sign == "//" || sign == "%";
  if (divides && b.as_number() == 0) return work.fail("a division by 0");
  if (sign == "/") return template_value::of(a.as_number() / b.as_number());
  if (!a.is_whole() || !b.is_whole()) {
    const double x = a.as_number(), y = b.as_number();
    if (sign == "+") return template_value::of(x + y);
    if (sign == "-") return template_value::of(x - y);
    if (sign == "*") return template_value::of(x * y);
    return unsuited();
  }
  std::int64_t made = 0;
  const std::int64_t x = a.integer, y = b.integer;
  bool overflows = divides && y == -1 && x == INT64_MIN;
  if (sign == "+") overflows = __builtin_add_overflow(x, y, &made);
  else if (sign == "-") overflows = __builtin_sub_overflow(x, y, &made);
  else if (sign == "*") overflows = __builtin_mul_overflow(x, y, &made);
  else if (divides && !overflows) {  // Python rounds down
    const bool is_below = x % y != 0 && (x < 0) != (y < 0);
    made = sign == "//" ? x / y - is_below : x % y + (is_below ? y : 0);
  } else if (!divides) return unsuited();
  return overflows ? work.fail("a number is too large") : template_value::of(made);
}

/// Whether `container` holds `value`.
inline bool template_contains(const template_value& container, const template_value& value, template_work& work) {
  if (container.is(template_type::text) && value.is(template_type::text)) {
    work.spend(container.text->size());
    return container.view().find(value.view()) != std::string_view::npos;
  }
  if (container.is(template_type::map)) return value.is(template_type::text) && container.find(value.view());
  if (container.is(template_type::list)) {
    work.spend(container.size * (1 + value.size));
    return std::ranges::find(*container.list, value) != container.list->end();
  }
  work.fail("\"in\" " + std::string(name_of(container.kind)) + " is not supported");
  return false;
}

inline bool template_equal(const template_value& a, const template_value& b, template_work& work) {
  work.spend((std::min)(a.size, b.size) + (std::min)(a.view().size(), b.view().size()));
  return work.ok() && a == b;
}

inline template_value template_binary(std::string_view sign, const template_value& a, const template_value& b,
                                      template_work& work) {
  if (sign == "==") return template_value::of(template_equal(a, b, work));
  if (sign == "!=") return template_value::of(!template_equal(a, b, work));
  if (sign == "in") return template_value::of(template_contains(b, a, work));
  if (sign == "not in") return template_value::of(!template_contains(b, a, work));
  if (sign == "~") return joined_template_texts(template_text(a, work), template_text(b, work), work);
  if (sign[0] != '<' && sign[0] != '>') return template_arithmetic(sign, a, b, work);
  const bool are_texts = a.is(template_type::text) && b.is(template_type::text);
  if (!are_texts && !(a.is_number() && b.is_number()))
    return work.fail("\"" + std::string(sign) + "\" of " + std::string(name_of(a.kind)) + " and " +
                     std::string(name_of(b.kind)) + " is not supported");
  const bool is_less = are_texts ? *a.text < *b.text : a.as_number() < b.as_number(),
             is_greater = are_texts ? *b.text < *a.text : b.as_number() < a.as_number();
  if (sign == "<") return template_value::of(is_less);
  if (sign == ">") return template_value::of(is_greater);
  return template_value::of(sign == "<=" ? !is_greater : !is_less);
}

/// The place of an index, which counts from the end if it is negative, among `size`; `size` or more: there is none.
inline std::int64_t template_place(std::int64_t index, std::int64_t size) {
  return index >= 0 ? index : index < -size ? size : index + size;
}

inline template_value template_item(const template_value& of, const template_value& index, template_work& work) {
  if (of.is(template_type::undefined)) return work.fail("an item of an undefined value");
  if (of.is_map()) {
    const template_value* const found = index.is(template_type::text) ? of.find(index.view()) : nullptr;
    return found == nullptr ? template_value{} : *found;
  }
  if (!index.is_whole()) return {};
  if (of.is(template_type::list)) {
    const std::int64_t place = template_place(index.integer, std::ssize(*of.list));
    return place < std::ssize(*of.list) ? (*of.list)[static_cast<std::size_t>(place)] : template_value{};
  }
  if (!of.is(template_type::text)) return {};
  const template_value::elements characters = template_elements(of, work);
  const std::int64_t place = template_place(index.integer, std::ssize(characters));
  return place < std::ssize(characters) ? characters[static_cast<std::size_t>(place)] : template_value{};
}

/// Every `step`-th element from `first` to before `last`; undefined ones as in Python.
inline template_value template_slice(const template_value& of, const template_value& first, const template_value& last,
                                     const template_value& step, template_work& work) {
  const bool is_text = of.is(template_type::text);
  if (!is_text && !of.is(template_type::list))
    return work.fail("a slice of " + std::string(name_of(of.kind)) + " is not supported");
  const template_value::elements all = template_elements(of, work);
  const std::int64_t size = std::ssize(all), by = step.is_whole() ? step.integer : 1;
  if (by != 1 && by != -1) return work.fail("a slice with a step other than 1 and -1 is not supported");
  const auto bound = [&](const template_value& given, std::int64_t otherwise) {
    if (!given.is_whole()) return otherwise;
    const std::int64_t place = given.integer < 0 ? (std::max)(given.integer, -size - 1) + size : given.integer;
    return by > 0 ? std::clamp<std::int64_t>(place, 0, size) : std::clamp<std::int64_t>(place, -1, size - 1);
  };
  template_value::elements taken;
  std::string text;
  const std::int64_t end = bound(last, by > 0 ? size : -1);
  for (std::int64_t at = bound(first, by > 0 ? 0 : size - 1); by > 0 ? at < end : at > end; at += by) {
    const template_value& each = all[static_cast<std::size_t>(at)];
    if (is_text) text += each.view();
    else taken.push_back(each);
  }
  if (is_text) return template_value::of(std::move(text));
  return template_container(template_value::of(std::move(taken)), work);
}

}  // namespace typeformer::detail
