// SPDX-License-Identifier: BSL-1.0
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/published_splitters.hpp>
#include <typeformer/text/regular_expression.hpp>

#include <support/catch.hpp>

using namespace typeformer;

namespace {

using words = std::vector<std::string>;

words all_matches(std::string_view pattern, std::string_view text) {
  const auto expression = regular_expression::parse(pattern);
  if (!expression) return {expression.error().message()};
  words found;
  std::size_t cost = regular_expression::allowed_cost(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto match = expression->find(text, at, cost);
    if (!match) break;
    found.emplace_back(text.substr(match->begin, match->end - match->begin));
    at = match->end > match->begin ? match->end : match->end + 1;
  }
  return found;
}

std::string rejection(std::string_view pattern) {
  const auto expression = regular_expression::parse(pattern);
  return expression ? "accepted" : expression.error().message();
}

/// A text of pieces among which every branch of the published expressions is found.
std::string random_text(std::mt19937& random) {
  constexpr std::string_view pieces[] = {"a",
                                         "Z",
                                         "'",
                                         "'s",
                                         "'S",
                                         "'\xC5\xBF",
                                         "'re",
                                         "'LL",
                                         "'d",
                                         "'x",
                                         " ",
                                         "  ",
                                         "\t",
                                         "\n",
                                         "\r\n",
                                         "\xC2\xA0",
                                         "\xE3\x80\x80",
                                         "0",
                                         "42",
                                         "\xC2\xBD",
                                         "\xD9\xA3",
                                         "!",
                                         "?!",
                                         "\xC3\xA9",
                                         "e\xCC\x81",
                                         "\xE6\x97\xA5",
                                         "\xF0\x9F\x98\x81",
                                         "\xE2\x80\x8D",
                                         "_",
                                         "-",
                                         "\xFF",
                                         "\xC3",
                                         "\xE0\xA4\xBE",
                                         "\x01"};
  std::string text;
  for (std::size_t count = random() % 12; count > 0; --count) text += pieces[random() % std::size(pieces)];
  return text;
}

}  // namespace

TEST_CASE("finds matches of regular expressions", "[text]") {
  CHECK(all_matches("a|bc", "abcab") == words{"a", "bc", "a"});
  CHECK(all_matches("ab?c*", "abccacb") == words{"abcc", "ac"});
  CHECK(all_matches("(?:ab)+", "ababxab") == words{"abab", "ab"});
  CHECK(all_matches("(ab){2}", "ababab") == words{"abab"});
  CHECK(all_matches("(a|b){1,2}c", "abcbcaac") == words{"abc", "bc", "aac"});
  CHECK(all_matches(R"(\d{1,3})", "1234 56") == words{"123", "4", "56"});
  CHECK(all_matches(R"(\d{1,3}(?=(?:\d{3})*\b))", "1").front().find("\\b") != std::string::npos);
  CHECK(all_matches(R"(\d{1,3}(?=(?:\d{3})*$))", "1234567") == words{"1", "234", "567"});
  CHECK(all_matches("a.c", "abc a\nc") == words{"abc"});
  CHECK(all_matches("a+?", "aaa") == words{"a", "a", "a"});
  CHECK(all_matches("a+?b", "aaab") == words{"aaab"});
  CHECK(all_matches("a++b", "aab") == words{"aab"});
  CHECK(all_matches("a++ab", "aaab") == words{});
  CHECK(all_matches("(?>a+)ab", "aaab") == words{});
  CHECK(all_matches("a(?!b)", "abac") == words{"a"});
  CHECK(all_matches("(?i:x)y", "xyXyXY") == words{"xy", "Xy"});
  CHECK(all_matches("[^a-c&&[^x]]", "axd") == words{"x", "d"});
  CHECK(all_matches("[a-z&&[^m-p]]+", "lmqz") == words{"l", "qz"});
  CHECK(all_matches(" ?[^(\\s|[.,!?])]+", "ab, (c)") == words{"ab", "c"});
  CHECK(all_matches(R"(\p{Lu}\p{Ll}+)", "AbC Cde") == words{"Ab", "Cde"});
  CHECK(all_matches(R"([\p{^L}]+)", "ab12") == words{"12"});
  CHECK(all_matches(R"(\P{L}+)", "ab12") == words{"12"});
  CHECK(all_matches(R"(\x41|\u00e9|\x{1F601})", "A\xC3\xA9\xF0\x9F\x98\x81").size() == 3);
  CHECK(all_matches(R"([]a]+)", "a]b") == words{"a]"});
  CHECK(all_matches(R"([a\-z]+)", "a-zb") == words{"a-z"});
  CHECK(all_matches(R"(\p{Han}+)", "ab\xE6\x97\xA5") == words{"\xE6\x97\xA5"});
  CHECK(all_matches(R"(^a|b$)", "ab\nab") == words{"a", "b", "a", "b"});
  CHECK(all_matches("(?:a|aa)+b", "aaab") == words{"aaab"});
}

TEST_CASE("rejects regular expressions that it does not support, by name", "[text]") {
  const auto names = [](std::string_view pattern, std::string_view what) {
    const bool is_named = rejection(pattern).find(what) != std::string::npos;
    if (!is_named) WARN(rejection(pattern));
    return is_named;
  };
  CHECK(names("(?<=a)b", "the group (?<="));
  CHECK(names(R"(a\b)", "the escape \\b"));
  CHECK(names(R"((a)\1)", "the escape \\1"));
  CHECK(names(R"(\p{Greek})", "the property \"Greek\""));
  CHECK(names("[[:alpha:]]", "a POSIX class"));
  CHECK(names("(a*)*", "a repeated group that can be empty"));
  CHECK(names("(ab", "a '(' without ')'"));
  CHECK(names("ab)", "a ')' without '('"));
  CHECK(names("[ab", "a '[' without ']'"));
  CHECK(names("*a", "a quantifier of nothing"));
  CHECK(names("a**", "a quantifier of a quantifier"));
  CHECK(names("a{2,1}", "the quantifier {2,1}"));
  CHECK(names("a{1001}", "the quantifier {1001}"));
  CHECK(names("[z-a]", "a range in reverse"));
  CHECK(names("\\", "the end of the expression"));
  CHECK(names(std::string(40, '(') + std::string(40, ')'), "it is nested too deeply"));
  CHECK(names("((((((a{900}b){900}c){900}d){900})))", "it is too complex"));
  CHECK(names(std::string(20'000, 'a'), "expected at most 10000 bytes"));
}

TEST_CASE("ends a search that would take too long", "[text]") {
  const auto expression = regular_expression::parse("(?:a|a)+b");
  REQUIRE(expression);
  std::size_t cost = regular_expression::allowed_cost(40);
  CHECK_FALSE(expression->find(std::string(40, 'a'), 0, cost));
  CHECK(cost == 0);
}

TEST_CASE("splits by functions as by the published expressions", "[text]") {
  std::mt19937 random{20230314};
  for (const std::string_view pattern : {published_splitter::gpt2, published_splitter::gpt2_in_groups,
                                         published_splitter::llama3, published_splitter::qwen2}) {
    const auto function = published_splitter::of(pattern);
    REQUIRE(function);
    int different = 0;
    for (int round = 0; round < 5000; ++round) {
      const std::string text = random_text(random);
      words by_function;
      for (std::size_t at = 0, end = 0; at < text.size(); at = end) {
        end = function->end_of_word(text, at);
        by_function.push_back(text.substr(at, end - at));
      }
      different += by_function != all_matches(pattern, text);
    }
    CHECK(different == 0);
  }
  CHECK_FALSE(published_splitter::of("a"));
}
