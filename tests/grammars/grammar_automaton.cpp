// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/generation/constrained_sampler.hpp>
#include <typeformer/generation/constrained_text.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/hosted/grammars/expression_grammar.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/listed_automaton.hpp>

#include <generation/table_session.hpp>
#include <support/catch.hpp>

namespace typeformer {
namespace {

using ids = std::vector<std::int32_t>;
static_assert(TokenAutomaton<grammar_automaton>);
static_assert(ListedConstraint<constrained_text<grammar_automaton>>);
static_assert(!ListedConstraint<token_set>);

token_bytes words(std::initializer_list<std::string_view> texts) {
  token_bytes made;
  for (const std::string_view each : texts) made.add(each);
  return made;
}
grammar expression(std::string_view pattern) {
  auto parsed = expression_grammar(pattern);
  if (!parsed) FAIL(parsed.error().message());
  return *parsed;
}
grammar_automaton automaton_of(std::string_view pattern, const token_bytes& bytes, const ids& ends = {}) {
  auto made = grammar_automaton::of(expression(pattern), token_trie{bytes}, ends);
  if (!made) FAIL(made.error().message());
  return *made;
}
std::string text_of(const ids& tokens, const token_bytes& bytes) {
  std::string text;
  for (const std::int32_t id : tokens) text += bytes[id];
  return text;
}

/// All lists of tokens of at most `budget` that spell a text of the language, and end with an end token if there is one.
std::set<ids> all_texts(const byte_automaton& language, const token_bytes& bytes, const ids& ends, index_type budget) {
  std::set<ids> found;
  const auto is_end = [&](std::int32_t id) { return std::ranges::find(ends, id) != ends.end(); };
  const auto extend = [&](const auto& self, ids& now) -> void {
    if (ends.empty() && language.matches(text_of(now, bytes))) found.insert(now);
    if (index_type(now.size()) == budget) return;
    for (std::int32_t id = 0; id < bytes.size(); ++id) {
      if (!is_end(id) && bytes[id].empty()) continue;
      if (is_end(id) && !language.matches(text_of(now, bytes))) continue;
      now.push_back(id);
      if (is_end(id)) found.insert(now);
      else self(self, now);
      now.pop_back();
    }
  };
  ids begin;
  extend(extend, begin);
  return found;
}
/// All lists of tokens that a constraint allows: with end tokens those that end, without them those that may end.
template <class Automaton>
std::set<ids> allowed_texts(Automaton& automaton, index_type budget, std::size_t vocabulary) {
  std::set<ids> found;
  const auto begin = constrained_text<Automaton>::of(automaton, budget);
  if (!begin) return found;
  const auto extend = [&](const auto& self, const constrained_text<Automaton>& text, ids& now) -> void {
    std::vector<bool> listed(vocabulary);
    std::int32_t last = -1;
    text.for_each_allowed([&](std::int32_t id) {
      if (id <= last) FAIL("ids that do not ascend");
      listed[std::size_t(last = id)] = true;
    });
    for (std::int32_t id = 0; id < std::int32_t(vocabulary); ++id)
      if (text.allows(id) != listed[std::size_t(id)]) FAIL("allows() and for_each_allowed() differ");
    if (text.is_complete()) found.insert(now);
    if (!text.is_complete() && last < 0) FAIL("a dead end after " << now.size() << " tokens");
    text.for_each_allowed([&](std::int32_t id) {
      auto next = text;
      next.take(id);
      now.push_back(id);
      self(self, next, now);
      now.pop_back();
    });
  };
  ids now;
  extend(extend, *begin, now);
  return found;
}

struct language {
  std::string_view pattern;
  token_bytes bytes;
};
std::vector<language> languages() {
  return {{"a(b|c)*d", words({"a", "b", "cd", "d", "ab", "bc", "", "abcd"})},
          {"(ab)+", words({"a", "b", "ba", "ab", "abab", "aba"})},
          {"a{3,7}", words({"aa", "aaa", "aaaaa", "b"})},  // a{4} is reached, but never with a single a
          {"[0-9]{2}(\\.[0-9])?", words({"1", ".", "23", "4.", ".5"})},
          {"x*", words({"x", "", "xx"})},
          {"é|日本?", words({"\xC3", "\xA9", "\xE6\x97", "\xA5", "日", "\xE6\x9C\xAC", "本", "é日"})},
          {"ab|cd|", words({"a", "b", "c", "cd", "e"})},
          {"(a|ab)(c|bcd)e?", words({"a", "b", "c", "bc", "d", "cde"})},
          {"aaab|c", words({"a", "aa", "c"})}};  // no b: the way over a is pruned
}

TEST_CASE("a constraint allows exactly the token lists of the language, for every budget") {
  for (const language& each : languages())
    for (const bool has_end : {false, true}) {
      const ids ends = has_end ? ids{0} : ids{};
      token_bytes bytes;
      if (has_end) bytes.add("a");  // an end token is not a part of the text, even if it has bytes
      for (std::int32_t id = 0; id < each.bytes.size(); ++id) bytes.add(each.bytes[id]);
      const byte_automaton whole = *byte_automaton::of(expression(each.pattern));
      grammar_automaton automaton = automaton_of(each.pattern, bytes, ends);
      const auto list = listed_automaton::of(automaton);
      REQUIRE(list);
      const token_tables tables = list->tables();
      bool was_found = false;
      for (index_type budget = 0; budget <= 6; ++budget) {
        INFO(each.pattern << ", budget " << budget << (has_end ? ", end token" : ""));
        const std::set<ids> expected = all_texts(whole, bytes, ends, budget);
        CHECK(allowed_texts(automaton, budget, std::size_t(bytes.size())) == expected);
        CHECK(allowed_texts(tables, budget, std::size_t(bytes.size())) == expected);
        const auto text = constrained_text<grammar_automaton>::of(automaton, budget);
        CHECK(text.has_value() == !expected.empty());  // a budget that is too small is an error, and only that
        was_found = was_found || !expected.empty();
      }
      CHECK(was_found);
    }
}

TEST_CASE("a budget that is too small is an error that names the smallest one") {
  const token_bytes bytes = words({"a", "b", "aa", ""});
  grammar_automaton automaton = automaton_of("a{5}b", bytes, {3});
  CHECK(constrained_text<grammar_automaton>::of(automaton, 4).error().message() ==
        "the budget of a constrained text: expected at least 5 tokens, found 4");
  CHECK(constrained_text<grammar_automaton>::of(automaton, 5));
  CHECK_FALSE(constrained_text<grammar_automaton>::of(automaton, -1));
}

TEST_CASE("a constrained text is complete where it may end, and rejects what it does not allow") {
  const token_bytes bytes = words({"a", "b", ""});
  grammar_automaton automaton = automaton_of("a*b?", bytes);
  auto text = *constrained_text<grammar_automaton>::of(automaton, 4);
  CHECK(text.is_complete());
  text.take(0);
  text.take(1);
  CHECK(text.is_complete());
  CHECK(text.left() == 2);
  text.take(0);
  CHECK(text.is_rejected());
  CHECK_FALSE(text.is_complete());
  for (const std::int32_t id : {-1, 0, 1, 2, 3, 1000}) CHECK_FALSE(text.allows(id));
  text.take(1);
  CHECK(text.is_rejected());
  auto other = *constrained_text<grammar_automaton>::of(automaton, 4);
  other.take(-7);
  CHECK(other.is_rejected());
}

TEST_CASE("edges lead only to states that can reach an end, the nearest of them one token nearer") {
  for (const language& each : languages()) {
    INFO(each.pattern);
    grammar_automaton automaton = automaton_of(each.pattern, each.bytes);
    std::vector<std::uint32_t> open{automaton.start()};
    std::set<std::uint32_t> found{automaton.start()};
    while (!open.empty()) {
      const std::uint32_t state = open.back();
      open.pop_back();
      index_type nearest = 1'000;
      for (const token_edge& edge : automaton.edges(state)) {
        const index_type distance = automaton.tokens_to_end(edge.next);
        CHECK(distance >= 0);
        CHECK(distance < 100);
        nearest = std::min(nearest, distance);
        if (found.insert(edge.next).second) open.push_back(edge.next);
      }
      CHECK((automaton.tokens_to_end(state) == 0 || automaton.tokens_to_end(state) == nearest + 1));
    }
  }
}

/// Allows two tokens of many, and counts how it is asked.
struct counting_constraint {
  mutable int asked = 0, listed = 0;
  bool allows(std::int32_t id) const { return ++asked, id == 3 || id == 70; }
  void take(std::int32_t) {}
  template <class Use> void for_each_allowed(Use use) const {
    ++listed;
    use(3);
    use(70);
  }
};

TEST_CASE("a step costs what is allowed, where the constraint is the first filter") {
  const std::vector<float> logits(100, 1.0f);
  std::vector<candidate> workspace(100), of_two(2);
  counting_constraint first, later;
  philox random{1};
  // No place for the other candidates is needed.
  const std::int32_t id = sampling{constrained_by{first}, *temperature::of(0.5f)}(logits, of_two, random);
  CHECK((id == 3 || id == 70));
  CHECK(first.listed == 1);
  CHECK(first.asked == 0);
  sampling{*temperature::of(0.5f), constrained_by{later}}(logits, workspace, random);
  CHECK(later.asked == 100);
}

TEST_CASE("a copy of an automaton keeps edges of its own") {
  const token_bytes bytes = words({"a", "b"});
  grammar_automaton first = automaton_of("(ab)*", bytes);
  const auto before = first.edges(first.start());
  grammar_automaton second = first;
  const auto after = second.edges(second.start());
  CHECK(std::ranges::equal(before, after));
  CHECK(before.data() != after.data());
  CHECK(first.edges(first.start()).data() == before.data());
}

TEST_CASE("rejects grammars that the vocabulary cannot write, and end tokens that it does not have") {
  const auto message = [](std::string_view pattern, const token_bytes& bytes, const ids& ends) {
    const auto made = grammar_automaton::of(expression(pattern), token_trie{bytes}, ends);
    return made ? std::string{"accepted"} : made.error().message();
  };
  const std::string unwritable = "no text of the grammar can be written with the tokens of the vocabulary";
  CHECK(message("abc", words({"a", "b"}), {}) == unwritable);
  CHECK(message("abc", words({"ab", "bc"}), {}) == unwritable);
  CHECK(message("a", words({"a", "b"}), {0}) == unwritable);
  CHECK(message("a", token_bytes{}, {}) == unwritable);
  CHECK(message("a?", token_bytes{}, {}) == "accepted");
  CHECK(message("a", words({"a", ""}), {2}) == "end token: expected an id from 0 to 1, found 2");
  CHECK(message("a", words({"a", ""}), {-1}) == "end token: expected an id from 0 to 1, found -1");
}

TEST_CASE("a list of all edges has only states that can be reached, and a limit") {
  const token_bytes bytes = words({"ab", "a"});
  const auto list = listed_automaton::of(automaton_of("(abc?)*ab", bytes));  // no token ends between a and b but there
  REQUIRE(list);
  CHECK(list->begins == std::vector<std::uint32_t>{0, 1, 2});
  CHECK(list->edges == std::vector<token_edge>{{0, 1}, {0, 1}});
  CHECK(list->tokens_to_end == std::vector<std::uint32_t>{1, 0});
  CHECK(listed_automaton::of(automaton_of("(abc?)*ab", bytes), 1).error().message() ==
        "the automaton is too large for a list: expected at most 1 edges");
}

TEST_CASE("the tables of an automaton work without it, also in constant evaluation") {
  constexpr auto is_right = [] {
    // a(b|c), end token 3
    constexpr std::uint32_t begins[]{0, 1, 3, 4, 4}, to_end[]{3, 2, 1, 0};
    constexpr token_edge edges[]{{0, 1}, {1, 2}, {2, 2}, {3, 3}};
    const token_tables tables{begins, edges, to_end};
    auto text = constrained_text<const token_tables>::of(tables, 3);
    bool right = text && !constrained_text<const token_tables>::of(tables, 2) && text->allows(0) && !text->allows(1);
    for (const std::int32_t id : {0, 2, 3}) text->take(id);
    right = right && text->is_complete() && text->left() == 0 && !text->allows(0);
    return right && tables.edges(9).empty() && tables.edges(0xFFFF'FFFF).empty();
  };
  static_assert(is_right());
  CHECK(is_right());
}

TEST_CASE("a constraint gives the same tokens as first filter, as later filter, and around any sampler") {
  const token_bytes bytes = words({"a", "b", "c", "ab", "bc", "", "d", "cc"});
  constexpr index_type vocabulary = 8;
  philox noise{1};
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    grammar_automaton automaton = automaton_of("(a(b|c)*)+d?", bytes, {5});
    auto first = *constrained_text<grammar_automaton>::of(automaton, 10);
    auto later = first, greedily = first, most = first;
    std::vector<float> row(std::size_t{vocabulary});
    std::vector<candidate> workspace(std::size_t{vocabulary});
    const sampling first_chain{constrained_by{first}, *temperature::of(0.7f)};
    const sampling later_chain{*temperature::of(0.7f), constrained_by{later}};
    const sampling greatest{constrained_by{most}, *top_k::of(1)};
    const constrained_sampler around{greedily, greedy{}, row};
    philox one{seed}, two{seed}, three{seed};
    for (int step = 0; step < 10; ++step) {
      std::vector<float> logits(std::size_t{vocabulary});
      for (float& each : logits) each = float(uniform01(noise)) * 8;
      CHECK(first_chain(logits, workspace, one) == later_chain(logits, workspace, two));
      CHECK(greatest(logits, workspace, three) == around(logits, workspace, three));
    }
    CHECK(first.is_complete());
    CHECK(greedily.is_complete());
  }
}

TEST_CASE("nothing is chosen if the logits of all allowed tokens are minus infinity or NaN") {
  const token_bytes bytes = words({"a", "b"});
  grammar_automaton automaton = automaton_of("a", bytes);
  auto text = *constrained_text<grammar_automaton>::of(automaton, 1);
  std::vector<candidate> workspace(2);
  philox random{1};
  for (const float value : {-std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()}) {
    const std::vector<float> logits{value, 1.0f};
    CHECK(sampling{constrained_by{text}}(logits, workspace, random) == no_token);
  }
  // Logits of a smaller vocabulary: what has no logit is not chosen.
  CHECK(sampling{constrained_by{text}}(std::vector<float>{}, workspace, random) == no_token);
  CHECK(text.left() == 1);
}

TEST_CASE("a session generates texts of the language only, each within its budget") {
  const token_bytes bytes = words({"a", "b", "ab", "", "ba", "c"});
  using session = testing::table_session<1, 64, 6>;
  philox random{3};
  const auto noise = [&] {
    std::vector<std::vector<float>> rows(6, std::vector<float>(6));
    for (auto& row : rows)
      for (float& each : row) each = 4 * float(uniform01(random));
    return rows;
  };
  const byte_automaton whole = *byte_automaton::of(expression("(ab|ba){2,}c"));
  grammar_automaton automaton = automaton_of("(ab|ba){2,}c", bytes, {3});
  const ids prompt{0, 1}, ends{3};
  for (int i = 0; i < 300; ++i) {
    session run{noise(), noise()};
    const index_type budget = 4 + i % 20;
    auto text = *constrained_text<grammar_automaton>::of(automaton, budget);
    std::vector<candidate> workspace(6);
    ids chosen;
    const generation_request request{.prompt = prompt, .max_tokens = budget, .end_tokens = ends};
    const auto made = generate(run, request, sampling{constrained_by{text}}, workspace, random, [&](std::int32_t id) {
      if (id != 3) chosen.push_back(id);
      return true;
    });
    REQUIRE(made);
    CHECK(made->ending == text_ending::end_token);
    CHECK(made->count <= budget);
    CHECK(text.is_complete());
    CHECK(whole.matches(text_of(chosen, bytes)));
  }
}

}  // namespace
}  // namespace typeformer
