// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/code_points.hpp>
#include <typeformer/hosted/grammars/decimal_range.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer {

/// JSON (RFC 8259) as grammars: one spelling for each string, and numbers that fit a `double`.
namespace json_grammar {

/// A character as it stands in a string.
inline std::string escaped(char32_t c) {
  constexpr std::string_view signs = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt", digits = "0123456789abcdef";
  std::string text;
  if (const std::size_t found = c < 0x80 ? signs.find(static_cast<char>(c)) : signs.npos; found != signs.npos)
    (text += '\\') += letters[found];
  else if (c < 0x20) (((text += "\\u00") += digits[c >> 4]) += digits[c & 15]);
  else append_utf8(text, c);
  return text;
}

inline const code_points& characters_to_escape() {
  static const code_points set{{0, 0x1F}, {'"', '"'}, {'\\', '\\'}};
  return set;
}

/// One of a set of characters in a string.
inline grammar one_of(const code_points& set) {
  std::vector<grammar> parts{grammar::one_of(set.without(characters_to_escape()))};
  for (const code_points::range& range : characters_to_escape().ranges())
    for (char32_t c = range.first; c <= range.last; ++c)
      if (set.contains(c)) parts.push_back(grammar::text(escaped(c)));
  return grammar::choice(std::move(parts));
}

/// The same texts as they stand in a string.
inline grammar escaped(const grammar& what) {
  std::vector<grammar> parts;
  std::vector<grammar::member> members;
  for (std::size_t i = 0; i < what.size(); ++i) {
    parts.push_back(escaped(what.part(i)));
    members.push_back({std::make_shared<const grammar>(parts.back()), what.is_required(i)});
  }
  std::string text;
  switch (what.what()) {
    case grammar::kind::text:
      for (std::size_t at = 0; at < what.text().size();) {
        const utf8_step step = utf8_at(what.text(), at);
        text += step.size == 0 ? std::string(1, what.text()[at]) : escaped(step.code_point);
        at += step.size == 0 ? 1 : step.size;
      }
      return grammar::text(text);
    case grammar::kind::one_of: return one_of(what.set());
    case grammar::kind::sequence: return grammar::sequence(std::move(parts));
    case grammar::kind::choice: return grammar::choice(std::move(parts));
    case grammar::kind::list: return grammar::list(parts[0], parts[1], what.least(), what.most());
    case grammar::kind::members: break;
  }
  members.pop_back();
  return grammar::members(std::move(members), parts.back());
}

inline grammar quoted(grammar contents) {
  return grammar::sequence({grammar::text("\""), std::move(contents), grammar::text("\"")});
}
inline std::string quoted(std::string_view contents) {
  return detail::joined({"\"", escaped(grammar::text(contents)).text(), "\""});
}
/// A string of so many characters. Control characters are those with a short escape.
inline grammar string(std::uint32_t least = 0, std::uint32_t most = grammar::without_end) {
  code_points set{{'\b', '\n'}, {'\f', '\r'}};
  set.add(0x20, 0x10'FFFF);
  return quoted(grammar::repeat(one_of(set), least, most));
}

inline grammar integer() { return integers_between(-largest_decimal, largest_decimal); }
inline grammar number() {
  const grammar exponent =
      grammar::sequence({grammar::one_of({{'E', 'E'}, {'e', 'e'}}),
                         grammar::optional(grammar::one_of({{'+', '+'}, {'-', '-'}})), detail::digits(1, 2)});
  return grammar::sequence(
      {decimals_between(-largest_decimal, false, largest_decimal, false), grammar::optional(exponent)});
}
inline grammar boolean() { return grammar::choice({grammar::text("true"), grammar::text("false")}); }
inline grammar null() { return grammar::text("null"); }

/// What stands between the parts of arrays and objects: up to `most_spaces` spaces behind a comma or colon.
inline grammar separator(std::string_view sign, std::uint32_t most_spaces) {
  return grammar::sequence({grammar::text(sign), grammar::repeat(grammar::text(" "), 0, most_spaces)});
}
inline grammar array(grammar item, std::uint32_t least, std::uint32_t most, std::uint32_t most_spaces) {
  return grammar::sequence({grammar::text("["),
                            grammar::list(std::move(item), separator(",", most_spaces), least, most),
                            grammar::text("]")});
}
inline grammar pair(grammar key, grammar value, std::uint32_t most_spaces) {
  return grammar::sequence({std::move(key), separator(":", most_spaces), std::move(value)});
}
/// An object whose keys are any strings.
inline grammar map(grammar value, std::uint32_t most_spaces) {
  return grammar::sequence(
      {grammar::text("{"), grammar::list(pair(string(), std::move(value), most_spaces), separator(",", most_spaces), 0),
       grammar::text("}")});
}
/// Any value whose arrays and objects are nested at most so deeply. The size of its automaton doubles with each level.
inline grammar value(int depth, std::uint32_t most_spaces) {
  std::vector<grammar> parts{string(), number(), boolean(), null()};
  if (depth > 0) {
    const grammar inner = value(depth - 1, most_spaces);
    parts.push_back(array(inner, 0, grammar::without_end, most_spaces));
    parts.push_back(map(inner, most_spaces));
  }
  return grammar::choice(std::move(parts));
}

}  // namespace json_grammar

}  // namespace typeformer
