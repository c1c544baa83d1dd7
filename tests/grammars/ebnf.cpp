// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <string_view>

#include <typeformer/hosted/grammars/byte_automaton.hpp>
#include <typeformer/hosted/grammars/ebnf_grammar.hpp>

#include <support/catch.hpp>

namespace typeformer {
namespace {

byte_automaton automaton_of_rules(std::string_view rules, const ebnf_options& options = {}) {
  const auto parsed = ebnf_grammar(rules, options);
  if (!parsed) FAIL(parsed.error().message());
  auto made = byte_automaton::of(*parsed);
  if (!made) FAIL(made.error().message());
  return *made;
}
std::string message_of_rules(std::string_view rules) {
  const auto parsed = ebnf_grammar(rules);
  return parsed ? "accepted" : parsed.error().message();
}

TEST_CASE("EBNF: rules, groups, choices and repetitions") {
  const byte_automaton sums = automaton_of_rules(R"(
    # a comment
    sum    ::= number (" + " number)*   /* another
                                           one */
    number ::= "0" | [1-9] [0-9]{0,3}
  )");
  for (const std::string_view text : {"0", "12", "1234", "1 + 2", "10 + 0 + 9999"}) CHECK(sums.matches(text));
  for (const std::string_view text : {"", "01", "12345", "1 +2", "1 + ", "+"}) CHECK_FALSE(sums.matches(text));

  const byte_automaton optional = automaton_of_rules("a ::= 'x'? \"y\"+ 'z'{2} 'w'{1,}");
  for (const std::string_view text : {"yzzw", "xyyzzwww"}) CHECK(optional.matches(text));
  for (const std::string_view text : {"xzzw", "yzw", "yzz", "yzzzw"}) CHECK_FALSE(optional.matches(text));
}

TEST_CASE("EBNF: the start is the rule called root, or the first one") {
  CHECK(automaton_of_rules("a ::= 'a'\nroot ::= a 'b'").matches("ab"));
  CHECK(automaton_of_rules("start ::= a 'b'\na ::= 'a'").matches("ab"));
  CHECK(automaton_of_rules("a-rule ::= b.2 b.2\nb.2 ::= 'b'").matches("bb"));
}

TEST_CASE("EBNF: characters, sets and differences") {
  CHECK(automaton_of_rules(R"(a ::= "\"\\\n\x41\u00e9" 'no \n')").matches("\"\\\nA\xC3\xA9no \\n"));
  const byte_automaton codes = automaton_of_rules("a ::= #x41 #x1F600 [#x61-#x63] [^#x61-#x63]");
  CHECK(
      codes.matches("A\xF0\x9F\x98\x80"
                    "bd"));
  CHECK_FALSE(
      codes.matches("A\xF0\x9F\x98\x80"
                    "bc"));
  const byte_automaton consonants = automaton_of_rules("word ::= ([a-z] - [aeiou])+");
  CHECK(consonants.matches("rhythm"));
  CHECK_FALSE(consonants.matches("rhyme"));
  CHECK(automaton_of_rules("a ::= [\\]x]+").matches("]x]"));
}

TEST_CASE("EBNF: a rule may contain itself as often as the options say") {
  constexpr std::string_view nested = "list ::= '(' list? ')'";
  const byte_automaton twice = automaton_of_rules(nested);
  for (const std::string_view text : {"()", "(())", "((()))"}) CHECK(twice.matches(text));
  CHECK_FALSE(twice.matches("(((())))"));
  CHECK_FALSE(twice.matches("(()"));
  CHECK(automaton_of_rules(nested, {.most_recursions = 0}).matches("()"));
  CHECK_FALSE(automaton_of_rules(nested, {.most_recursions = 0}).matches("(())"));
  const byte_automaton right = automaton_of_rules("digits ::= [0-9] | [0-9] digits", {.most_recursions = 4});
  CHECK(right.matches("12345"));
  CHECK_FALSE(right.matches("123456"));
}

TEST_CASE("EBNF: what is wrong is named with its line") {
  CHECK(message_of_rules("") == "grammar, line 1: expected a rule, found the end");
  CHECK(message_of_rules("a ::= b\n\nc ::= 'c'") == "grammar, line 1: the rule \"b\" is not defined");
  CHECK(message_of_rules("a ::= 'a'\na ::= 'b'") == "grammar, line 2: the rule \"a\" is defined twice");
  CHECK(message_of_rules("a = 'a'") == "grammar, line 1: expected ::= behind the name of a rule");
  CHECK(message_of_rules("\n'a'") == "grammar, line 2: expected the name of a rule");
  CHECK(message_of_rules("a ::= 'a\n'") == "grammar, line 1: a text without end");
  CHECK(message_of_rules("a ::= ('a'") == "grammar, line 1: a '(' without ')'");
  CHECK(message_of_rules("a ::= /* x") == "grammar, line 1: a comment without end");
  CHECK(message_of_rules("a ::= 'a'*+") == "grammar, line 1: a quantifier of a quantifier");
  CHECK(message_of_rules("a ::= 'ab' - 'a'") == "grammar, line 1: expected sets of characters on both sides of '-'");
  CHECK(message_of_rules("a ::= \"\\d\"") == "grammar, line 1: an escape that is no character");
  CHECK(message_of_rules("a ::= #xD800") == "grammar, line 1: a code point that is none");
  CHECK(message_of_rules("a ::= 'a'\n  %") ==
        "grammar, line 2: expected a rule, a text, [characters] or a group, found \"%\"");
  CHECK(message_of_rules("a ::= [z-a]").find("a range in reverse") != std::string::npos);
  CHECK(message_of_rules("a ::= 'a'{2,1}").find("a number of repetitions") != std::string::npos);
  std::string many;
  for (int i = 0; i < 200; ++i) many += "a ";
  CHECK(message_of_rules("a ::= " + many).find("too large") != std::string::npos);
}

TEST_CASE("EBNF: no bytes take long or are undefined") {
  std::string deep = "a ::= ";
  deep.append(100'000, '(');
  CHECK(message_of_rules(deep) == "grammar, line 1: a group that is nested so deeply is not supported");
  std::string chain;
  for (int i = 0; i < 3000; ++i) chain += "r" + std::to_string(i) + " ::= r" + std::to_string(i + 1) + "\n";
  CHECK(message_of_rules(chain + "r3000 ::= 'x'").find("too large") != std::string::npos);
  for (const std::string_view text : {"a ::= [", "a ::= \"\\", "a ::= 'a'{", "\xFF", "a ::= \xFF", "a ::= '\xFF'"})
    CHECK(message_of_rules(text) != "accepted");
}

}  // namespace
}  // namespace typeformer
