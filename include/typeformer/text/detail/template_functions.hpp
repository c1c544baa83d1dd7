// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_operators.hpp>
#include <typeformer/text/detail/template_texts.hpp>
#include <typeformer/text/detail/template_value.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/utf8.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer::detail {

/// The arguments of a call: by place, then by name.
struct template_arguments {
  template_value::elements values;
  template_value::members named;

  /// An argument by its place, or by its name; undefined if it is not given.
  template_value get(std::size_t place, std::string_view name) const {
    if (place < values.size()) return values[place];
    const auto found = std::ranges::find(named, name, &template_member::name);
    return found == named.end() ? template_value{} : found->value;
  }
};

/// A text without the characters of a set, or white space, at its ends.
inline std::string_view template_stripped(std::string_view text, const template_value& set, bool at_begin,
                                          bool at_end) {
  const std::string_view characters = set.view();
  const bool is_given = set.is(template_type::text);
  const auto belongs = [&](std::string_view character) {
    const utf8_step step = utf8_at(character, 0);
    return is_given ? characters.find(character) != std::string_view::npos
                    : step.size > 0 && is_white_space(step.code_point);
  };
  while (at_begin && !text.empty()) {
    const std::size_t size = template_character_size(text, 0);
    if (!belongs(text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  while (at_end && !text.empty()) {
    std::size_t size = 1;
    while (size < 4 && size < text.size() && (static_cast<unsigned char>(text[text.size() - size]) & 0xC0) == 0x80)
      ++size;
    if (!belongs(text.substr(text.size() - size))) break;
    text.remove_suffix(size);
  }
  return text;
}

/// Upper and lower case, of ASCII. Other letters are rejected rather than left as they are.
enum class template_case { upper, lower, capital, title };
inline template_value template_in_case(std::string_view text, template_case which, template_work& work) {
  std::string made;
  bool is_first = true;
  if (!work.spend(text.size())) return {};
  for (const char c : text) {
    const bool is_small = c >= 'a' && c <= 'z', is_capital = c >= 'A' && c <= 'Z';
    if (static_cast<unsigned char>(c) >= 0x80) return work.fail("upper and lower case beyond ASCII are not supported");
    const bool raises = which == template_case::upper || (which != template_case::lower && is_first);
    made += raises && is_small ? static_cast<char>(c - 32) : !raises && is_capital ? static_cast<char>(c + 32) : c;
    is_first = which == template_case::title && !is_small && !is_capital;
  }
  return template_value::of(std::move(made));
}

inline template_value template_replaced(std::string_view text, std::string_view old, std::string_view with,
                                        template_work& work) {
  if (old.empty()) return work.fail("a replacement of an empty text is not supported");
  std::string made;
  for (std::size_t found = 0; work.spend(with.size() + 1) && (found = text.find(old)) != text.npos;) {
    (made += text.substr(0, found)) += with;
    text.remove_prefix(found + old.size());
  }
  work.spend(made.size() + text.size());
  return template_value::of(made += text);
}

/// The parts between separators, or the words if none is given.
inline template_value template_split(std::string_view text, const template_value& separator, const template_value& most,
                                     template_work& work) {
  template_value::elements parts;
  const std::string_view between = separator.view();
  if (!work.spend(text.size())) return {};
  if (!separator.is(template_type::text)) {
    if (most.is_whole()) return work.fail("\"split\" into words with a limit is not supported");
    for_each_word(text, [&](std::string_view word) {
      if (work.spend(256)) parts.push_back(template_value::of(word));
    });
    return template_container(template_value::of(std::move(parts)), work);
  }
  if (between.empty()) return work.fail("\"split\" with an empty separator is not supported");
  for (std::int64_t left = most.is_whole() && most.integer >= 0 ? most.integer : INT64_MAX; left > 0; --left) {
    const std::size_t found = text.find(between);
    if (found == text.npos || !work.spend(256)) break;
    parts.push_back(template_value::of(text.substr(0, found)));
    text.remove_prefix(found + between.size());
  }
  parts.push_back(template_value::of(text));
  return template_container(template_value::of(std::move(parts)), work);
}

/// The pairs of a map.
inline template_value template_pairs(const template_value& map, template_work& work) {
  template_value::elements pairs;
  if (!work.spend(64 * map.size)) return {};
  for (const template_member& each : *map.map)
    pairs.push_back(template_value::of(template_value::elements{template_value::of(each.name), each.value}));
  return template_container(template_value::of(std::move(pairs)), work);
}

/// `object.name(arguments)`.
inline template_value template_method(const template_value& object, std::string_view name,
                                      const template_arguments& given, template_work& work) {
  const std::string_view text = object.view();
  const template_value first = given.get(0, ""), second = given.get(1, "");
  if (object.is_map()) {
    if (name == "items") return template_pairs(object, work);
    if (name == "keys") return template_value::of(template_elements(object, work));
    if (name == "values") {
      template_value::elements all;
      for (const template_member& each : *object.map) all.push_back(each.value);
      return template_container(template_value::of(std::move(all)), work);
    }
    if (name == "get") {
      const template_value* const found = first.is(template_type::text) ? object.find(first.view()) : nullptr;
      return found != nullptr ? *found : given.values.size() > 1 ? second : template_value::none();
    }
    return work.unsupported("method", name);
  }
  if (!object.is(template_type::text)) {
    if (!object.is(template_type::undefined)) return work.unsupported("method", name);
    return work.fail("a call of \"" + std::string(name.substr(0, 60)) + "\" of an undefined value");
  }
  work.spend(text.size());
  if (name == "strip") return template_value::of(template_stripped(text, first, true, true));
  if (name == "lstrip") return template_value::of(template_stripped(text, first, true, false));
  if (name == "rstrip") return template_value::of(template_stripped(text, first, false, true));
  if (name == "split") return template_split(text, first, given.get(1, "maxsplit"), work);
  if (name == "upper") return template_in_case(text, template_case::upper, work);
  if (name == "lower") return template_in_case(text, template_case::lower, work);
  if (name == "capitalize") return template_in_case(text, template_case::capital, work);
  if (name == "title") return template_in_case(text, template_case::title, work);
  if (first.is(template_type::text)) {
    if (name == "startswith") return template_value::of(text.starts_with(first.view()));
    if (name == "endswith") return template_value::of(text.ends_with(first.view()));
    if (name == "replace" && second.is(template_type::text) && given.values.size() == 2)
      return template_replaced(text, first.view(), second.view(), work);
  }
  return work.unsupported("method", name);
}

}  // namespace typeformer::detail
