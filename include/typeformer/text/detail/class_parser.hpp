// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <typeformer/text/character_class.hpp>
#include <typeformer/text/detail/pattern_reader.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/unicode.hpp>

namespace typeformer::detail {

/// Reads the characters and classes of a regular expression.
class class_parser : public pattern_reader {
 public:
  using pattern_reader::pattern_reader;

  /// A character, an escaped one, a class or `.`.
  character_class character_set() {
    character_class set;
    if (take('[')) class_items(set, 0);
    else if (take('.')) set.add('\n'), set.negate();
    else if (sees('\\')) escape(set);
    else if (sees('*') || sees('+') || sees('?')) fail("a quantifier of nothing");
    else set.add(next());
    return set;
  }

 private:
  static constexpr int deepest = 16;

  void class_items(character_class& set, int depth) {
    if (depth > deepest) return void(fail("a class that is nested too deeply"));
    const bool is_negated = take('^');
    bool is_first = true;
    while (ok() && (is_first || !sees(']'))) {
      is_first = false;
      if (at_end()) return void(fail("a '[' without ']'"));
      if (take("&&")) {
        character_class right;
        class_items(right, depth + 1);  // up to the closing bracket of both
        set.intersect(std::move(right));
        if (is_negated) set.negate();
        return;
      }
      if (sees("[:")) return void(fail("a POSIX class"));
      if (take('[')) {
        character_class nested;
        class_items(nested, depth + 1);
        set.add(std::move(nested));
        continue;
      }
      char32_t first = 0;
      if (sees('\\')) {
        if (!escape(set, &first)) continue;
      } else {
        first = next();
      }
      char32_t last = first;
      if (sees('-') && !sees("-]") && !sees("-[")) {
        take('-');
        if (!sees('\\')) last = next();
        else if (!escape(set, &last)) fail("a range that ends in a class");
      }
      if (last < first) return void(fail("a range in reverse"));
      set.add(first, last);
    }
    take(']');
    if (is_negated) set.negate();
  }

  /// Reads an escape. If it denotes one character that is wanted, stores that and returns true.
  bool escape(character_class& set, char32_t* one = nullptr) {
    take('\\');
    const char32_t c = next();
    const auto single = [&](char32_t character) {
      if (one != nullptr) *one = character;
      else set.add(character);
      return one != nullptr;
    };
    character_class named;
    switch (c) {
      case 'n': return single('\n');
      case 'r': return single('\r');
      case 't': return single('\t');
      case 'f': return single('\f');
      case 'v': return single('\v');
      case 'x':
      case 'u': return single(hexadecimal(c == 'u' ? 4 : 2));
      case 's':
      case 'S': named.add_white_space(); break;
      case 'd':
      case 'D': named.add_categories(categories::digits); break;
      case 'w':
      case 'W': named.add_word_characters(); break;
      case 'h':
      case 'H': named.add('0', '9'), named.add('a', 'f'), named.add('A', 'F'); break;
      case 'p':
      case 'P': property(named); break;
      default:
        if (c < 0x80 && is_word_character(c)) fail("the escape \\" + std::string(1, static_cast<char>(c)));
        return single(c);
    }
    if (c == 'S' || c == 'D' || c == 'W' || c == 'H' || c == 'P') named.negate();
    set.add(std::move(named));
    return false;
  }

  void property(character_class& set) {
    std::string one;
    std::string_view name;
    if (take('{')) name = up_to('}');
    else append_utf8(one, next()), name = one;
    if (!ok()) return;
    if (name.starts_with('^')) name.remove_prefix(1), set.negate();
    if (const category_set found = categories::named(name); found != 0) set.add_categories(found);
    else if (name == "Han") add_han(set);
    else fail("the property " + quoted_name(name));
  }

  /// Unicode's script Han (Scripts.txt 15.0).
  static void add_han(character_class& set) {
    constexpr char32_t ranges[][2] = {
        {0x2E80, 0x2E99},     {0x2E9B, 0x2EF3},     {0x2F00, 0x2FD5},     {0x3005, 0x3005},     {0x3007, 0x3007},
        {0x3021, 0x3029},     {0x3038, 0x303B},     {0x3400, 0x4DBF},     {0x4E00, 0x9FFF},     {0xF900, 0xFA6D},
        {0xFA70, 0xFAD9},     {0x1'6FE2, 0x1'6FE3}, {0x1'6FF0, 0x1'6FF1}, {0x2'0000, 0x2'A6DF}, {0x2'A700, 0x2'B739},
        {0x2'B740, 0x2'B81D}, {0x2'B820, 0x2'CEA1}, {0x2'CEB0, 0x2'EBE0}, {0x2'F800, 0x2'FA1D}, {0x3'0000, 0x3'134A},
        {0x3'1350, 0x3'23AF}};
    for (const auto& range : ranges) set.add(range[0], range[1]);
  }

  char32_t hexadecimal(int digits) {
    const bool is_braced = take('{');
    char32_t value = 0;
    int read = 0;
    for (; read < (is_braced ? 6 : digits) && !at_end(); ++read) {
      const std::size_t before = position();
      const char32_t digit = next();
      const std::size_t worth = digit < '0' || digit > 'f'
                                    ? std::string_view::npos
                                    : std::string_view("0123456789abcdef").find(static_cast<char>(digit | 0x20));
      if (worth == std::string_view::npos) {
        go_to(before);
        break;
      }
      value = value * 16 + static_cast<char32_t>(worth);
    }
    if (read == 0 || value > 0x10'FFFF || (is_braced && !take('}'))) fail("a code point");
    return value;
  }
};

}  // namespace typeformer::detail
