// SPDX-License-Identifier: BSL-1.0
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>
#include <rapidjson/istreamwrapper.h>

#include <typeformer/hosted/grammars/byte_automaton.hpp>
#include <typeformer/hosted/grammars/expression_grammar.hpp>

#include <support/catch.hpp>

namespace typeformer {
namespace {

byte_automaton automaton_of(const grammar& what) {
  auto made = byte_automaton::of(what);
  if (!made) FAIL(made.error().message());
  return *made;
}
byte_automaton automaton_of(std::string_view pattern) {
  const auto parsed = expression_grammar(pattern);
  if (!parsed) FAIL(parsed.error().message());
  return automaton_of(*parsed);
}
std::string message_of(std::string_view pattern) {
  const auto parsed = expression_grammar(pattern);
  if (!parsed) return parsed.error().message();
  const auto made = byte_automaton::of(*parsed);
  return made ? "accepted" : made.error().message();
}
grammar letter(char c) { return grammar::text(std::string(1, c)); }

TEST_CASE("regular expressions match what Python's re matches as a whole") {
  std::ifstream file{std::string{TYPEFORMER_SOURCE_DIR} + "/tests/grammars/expressions.json"};
  rapidjson::IStreamWrapper stream{file};
  rapidjson::Document cases;
  cases.ParseStream(stream);
  REQUIRE(cases.IsArray());
  REQUIRE(cases.Size() > 40);
  for (const auto& each : cases.GetArray()) {
    const std::string_view pattern{each[0].GetString(), each[0].GetStringLength()};
    INFO(pattern);
    const byte_automaton automaton = automaton_of(pattern);
    for (const auto& text : each[1].GetArray()) CHECK(automaton.matches({text.GetString(), text.GetStringLength()}));
    for (const auto& text : each[2].GetArray())
      CHECK_FALSE(automaton.matches({text.GetString(), text.GetStringLength()}));
  }
}

TEST_CASE("every code point is UTF-8, and nothing else is a character") {
  const byte_automaton any = automaton_of("[\\x00-\\x7f]|[^\\x00-\\x7f]");
  std::size_t accepted = 0;
  for (char32_t c = 0; c <= 0x10'FFFF; ++c) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string text;
    append_utf8(text, c);
    accepted += any.matches(text);
  }
  CHECK(accepted == 0x11'0000 - 0x800);
  // All texts of two bytes, and of three and four with a first byte that begins such characters.
  for (unsigned first = 0; first < 256; ++first)
    for (unsigned second = 0; second < 256; ++second) {
      const std::string two{static_cast<char>(first), static_cast<char>(second)};
      if (any.matches(two) != (utf8_at(two, 0).size == 2)) FAIL(first << " " << second);
      for (const unsigned third : {0x7Fu, 0x80u, 0xBFu, 0xC0u}) {
        const std::string three = two + static_cast<char>(third);
        if (any.matches(three) != (utf8_at(three, 0).size == 3)) FAIL(first << " " << second << " " << third);
        const std::string four = three + "\x80";
        if (any.matches(four) != (utf8_at(four, 0).size == 4)) FAIL(first << " " << second << " " << third);
      }
    }
}

TEST_CASE("sets of code points have ascending ranges that do not touch, and no surrogates") {
  using ranges = std::vector<code_points::range>;
  CHECK(code_points{{'c', 'd'}, {'a', 'b'}}.ranges() == ranges{{'a', 'd'}});
  CHECK(code_points{{'a', 'c'}, {'b', 'f'}, {'h', 'h'}}.ranges() == ranges{{'a', 'f'}, {'h', 'h'}});
  CHECK(code_points{{0xD000, 0xE001}}.ranges() == ranges{{0xD000, 0xD7FF}, {0xE000, 0xE001}});
  CHECK(code_points{{0xD800, 0xDFFF}}.ranges().empty());
  CHECK(code_points{{'b', 'a'}}.ranges().empty());
  CHECK(code_points{}.complement().ranges() == ranges{{0, 0xD7FF}, {0xE000, 0x10'FFFF}});
  CHECK(code_points{}.complement().complement().ranges().empty());
  CHECK(code_points{{'a', 'f'}}.without({{'c', 'd'}}).ranges() == ranges{{'a', 'b'}, {'e', 'f'}});
}

TEST_CASE("members keep their order, and the separator stands between those that are there") {
  using member = grammar::member;
  const auto shared = [](char c) { return std::make_shared<const grammar>(letter(c)); };
  const byte_automaton automaton = automaton_of(grammar::members(
      {member{shared('a'), false}, member{shared('b'), true}, member{shared('c'), false}}, letter(',')));
  for (const char* const text : {"b", "a,b", "b,c", "a,b,c"}) CHECK(automaton.matches(text));
  for (const char* const text : {"", "a", "c", "ab", "a,", ",b", "b,", "a,c", "b,a", "a,a,b", "a,b,c,", "b,b"})
    CHECK_FALSE(automaton.matches(text));
  const byte_automaton free = automaton_of(grammar::members({member{shared('a'), false}}, letter(',')));
  CHECK(free.matches(""));
  CHECK(free.matches("a"));
  CHECK_FALSE(free.matches(","));
  CHECK(automaton_of(grammar::members({}, letter(','))).matches(""));
}

TEST_CASE("lists have their separator and their bounds") {
  for (std::uint32_t least = 0; least < 4; ++least)
    for (const std::uint32_t most : {0u, 1u, 2u, 3u, 5u, grammar::without_end}) {
      if (most < least) continue;
      const byte_automaton list = automaton_of(grammar::list(letter('x'), letter(','), least, most));
      std::string text;
      for (std::uint32_t count = 0; count < 8; ++count, text += count == 1 ? "x" : ",x") {
        INFO(least << " " << most << " " << text);
        CHECK(list.matches(text) == (count >= least && count <= most));
        CHECK_FALSE(list.matches(text + ","));
      }
    }
}

TEST_CASE("what contains no text is no text, and other alternatives remain") {
  const grammar nothing = grammar::nothing();
  CHECK(byte_automaton::of(nothing).error().message() == "the grammar has no text: no end can be reached");
  CHECK_FALSE(byte_automaton::of(grammar::sequence({letter('a'), nothing})));
  const byte_automaton other = automaton_of(grammar::choice({grammar::sequence({letter('a'), nothing}), letter('b')}));
  CHECK(other.matches("b"));
  CHECK(other.next(other.start(), 'a') == byte_automaton::dead);
  CHECK(automaton_of(grammar::list(nothing, letter(','), 0)).matches(""));
  CHECK_FALSE(byte_automaton::of(grammar::list(nothing, letter(','), 1)));
}

TEST_CASE("rejects expressions that are not in the subset") {
  CHECK(message_of("a(?=b)") ==
        "regular expression \"a(?=b)\", byte 3: a group that begins with (? is not supported or not valid");
  for (const char* const pattern :
       {"(",     ")",     "a)",   "(a",  "[a",    "*a",      "a**",         "a++",  "a{2}{3}", "a{3,2}", "a{",
        "a{}",   "a{,3}", "a{x}", "{1}", "[b-a]", "[a-\\d]", "[[:alpha:]]", "\\1",  "\\b",     "\\p{L}", "\\xg0",
        "\\u00", "\\",    "a^b",  "a$b", "(a$)",  "(?i:a)",  "a{99999}",    "\xff", "[\xc3]"}) {
    INFO(pattern);
    CHECK(message_of(pattern).find("is not supported or not valid") != std::string::npos);
  }
  CHECK(message_of(std::string(5000, '(')).find("nested so deeply") != std::string::npos);
  CHECK(message_of("[^\\x00-\\uffff]{0}") == "accepted");
  CHECK(message_of("\\ud800") == "the grammar has no text: no end can be reached");
}

TEST_CASE("rejects a grammar whose automaton is too large") {
  for (const char* const pattern : {"((a{1000}){1000}){1000}", "(a|b)*a(a|b){20}", "(.*a){40}.{40}(.*b){40}"}) {
    INFO(pattern);
    CHECK(message_of(pattern) == "the grammar is too large: expected an automaton of at most 65536 states");
  }
}

}  // namespace
}  // namespace typeformer
