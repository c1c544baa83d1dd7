// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <typeformer/text/detail/template_value.hpp>
#include <typeformer/text/number_text.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// A number as Python writes it.
inline std::string template_number_text(double number) {
  std::string text = exact_text(number);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

/// What a value adds to the output.
inline std::string template_text(const template_value& value, template_work& work) {
  switch (value.kind) {
    case template_type::undefined: return {};
    case template_type::none: return "None";
    case template_type::boolean: return value.integer != 0 ? "True" : "False";
    case template_type::integer: return std::to_string(value.integer);
    case template_type::number: return template_number_text(value.number);
    case template_type::text: return work.spend(value.text->size()) ? *value.text : std::string{};
    default: work.fail(std::string(name_of(value.kind)) + " as text is not supported"); return {};
  }
}

/// As Python's `json.dumps(value, ensure_ascii=False)` writes it.
inline void append_template_json(std::string& text, const template_value& value, template_work& work) {
  const std::size_t before = text.size();
  const auto quote = [&](std::string_view content) {
    text += '"';
    for (const char c : content) {
      if (c == '"' || c == '\\') (text += '\\') += c;
      else if (c == '\n') text += "\\n";
      else if (c == '\r') text += "\\r";
      else if (c == '\t') text += "\\t";
      else if (static_cast<unsigned char>(c) < 0x20)
        ((text += "\\u00") += "0123456789abcdef"[c >> 4]) += "0123456789abcdef"[c & 15];
      else text += c;
    }
    text += '"';
  };
  bool is_first = true;
  const auto separate = [&] {
    if (!is_first) text += ", ";
    is_first = false;
  };
  switch (value.kind) {
    case template_type::none: text += "null"; break;
    case template_type::boolean: text += value.integer != 0 ? "true" : "false"; break;
    case template_type::integer:
    case template_type::number: text += template_text(value, work); break;
    case template_type::text: quote(*value.text); break;
    case template_type::list:
      text += '[';
      for (const template_value& each : *value.list) separate(), append_template_json(text, each, work);
      text += ']';
      break;
    case template_type::map:
      text += '{';
      for (const template_member& each : *value.map) {
        separate(), quote(each.name);
        text += ": ";
        append_template_json(text, each.value, work);
      }
      text += '}';
      break;
    default: work.fail(std::string(name_of(value.kind)) + " as JSON is not supported");
  }
  work.spend(text.size() - before);
}

/// Characters of a text, which Python counts; a byte that is not UTF-8 is one.
inline std::size_t template_character_size(std::string_view text, std::size_t at) {
  const std::size_t size = utf8_at(text, at).size;
  return size == 0 ? 1 : size;
}
inline std::int64_t template_length(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += template_character_size(text, at)) ++count;
  return count;
}

/// The elements of what can be iterated: those of a list, the names of a map, the characters of a text.
inline template_value::elements template_elements(const template_value& value, template_work& work) {
  template_value::elements all;
  if (!work.spend(64 * value.size)) return all;
  if (value.is(template_type::list)) return *value.list;
  if (value.is(template_type::map)) {
    for (const template_member& each : *value.map) all.push_back(template_value::of(each.name));
  } else if (value.is(template_type::text)) {
    const std::string_view text = value.view();
    if (!work.spend(text.size() * 256)) return all;
    for (std::size_t at = 0, size = 0; at < text.size(); at += size) {
      size = template_character_size(text, at);
      all.push_back(template_value::of(text.substr(at, size)));
    }
  } else if (!value.is(template_type::undefined)) {
    work.fail(std::string(name_of(value.kind)) + " is not iterable");
  }
  return all;
}

/// A container, if it is not too large.
inline template_value template_container(template_value made, template_work& work) {
  if (made.is_too_large()) return work.fail("a list or a map is too large");
  work.spend(64 * (made.list ? made.list->size() : made.map->size()) + 64);
  return made;
}

}  // namespace typeformer::detail
