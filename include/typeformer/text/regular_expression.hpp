// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/detail/expression_parser.hpp>
#include <typeformer/text/detail/expression_program.hpp>
#include <typeformer/text/tokenizer_error.hpp>
#include <typeformer/text/unicode.hpp>

namespace typeformer {

/// A regular expression of the kind that tokenizers use, with the meaning that Oniguruma gives it.
///
/// Alternatives, groups, `(?i:…)`, lookahead, classes with nested classes and `&&`, `\p{category}`, `\s \d \w \h` and
/// their negations, `^ $ \A \z`, and greedy, lazy and possessive quantifiers. Captures are not kept; anything else is
/// an error that names it. Matching backtracks, without recursion but for lookahead; the work of one search is limited.
class regular_expression {
 public:
  static constexpr std::size_t longest = 10'000;  ///< in bytes

  static result<regular_expression, tokenizer_error> parse(std::string_view pattern) noexcept {
    const auto rejected = [&](const std::string& why) {
      return failure{tokenizer_error{"regular expression " + quoted_name(pattern.substr(0, 200)) + ": " + why}};
    };
    if (pattern.size() > longest)
      return rejected("expected at most " + std::to_string(longest) + " bytes, found " +
                      std::to_string(pattern.size()));
    detail::expression_parser parser{pattern};
    if (!parser.parse()) return rejected(parser.problem());
    return regular_expression{parser.take_program()};
  }

  /// The first match at or after `from`. `cost` is decreased by the work; at 0 the search ends without a match.
  std::optional<text_range> find(std::string_view text, std::size_t from, std::size_t& cost) const {
    std::vector<choice> choices;
    for (std::size_t at = from; at <= text.size() && cost > 0;) {
      const std::size_t end = match(text, at, 0, cost, choices);
      if (end != no_match) return text_range{at, end};
      at += at < text.size() ? character_at(text, at).size : 1;
    }
    return {};
  }

  /// Enough for a search of a text by an expression that does not backtrack without end.
  static std::size_t allowed_cost(std::size_t text_size) { return (std::size_t{1} << 22) + 64 * text_size; }

 private:
  using instruction = detail::expression_instruction;
  using operation = detail::expression_operation;
  static constexpr std::size_t no_match = std::numeric_limits<std::size_t>::max();

  /// Where to go on after a failure: from `low` to `at` in a run of characters, at its other end first.
  struct choice {
    std::size_t next = 0, low = 0, at = 0;
    const character_class* more = nullptr;  ///< of a lazy run: what it may still take
  };

  explicit regular_expression(detail::expression_program program) : program_{std::move(program)} {}

  /// The end of a match at `at` of the program from `pc` on.
  std::size_t match(std::string_view text, std::size_t at, std::size_t pc, std::size_t& cost,
                    std::vector<choice>& choices) const {
    const std::size_t outer_choices = choices.size();
    while (cost > 0) {
      --cost;
      const instruction& now = program_.instructions[pc];
      bool fails = false;
      switch (now.what) {
        case operation::match: choices.resize(outer_choices); return at;
        case operation::character: fails = !step(text, at, program_.classes[now.first]), ++pc; break;
        case operation::run: fails = !run(text, at, now, pc + 1, choices), ++pc; break;
        case operation::jump: pc = now.first; break;
        case operation::split: choices.push_back({now.second, at, at, nullptr}), pc = now.first; break;
        case operation::text_begin: fails = at != 0, ++pc; break;
        case operation::text_end: fails = at != text.size(), ++pc; break;
        case operation::line_begin: fails = at != 0 && text[at - 1] != '\n', ++pc; break;
        case operation::line_end: fails = at != text.size() && text[at] != '\n', ++pc; break;
        case operation::lookahead:
          fails = (match(text, at, pc + 1, cost, choices) == no_match) != now.is_negated;
          pc = now.first;
          break;
        case operation::atomic: {
          const std::size_t end = match(text, at, pc + 1, cost, choices);
          fails = end == no_match;
          if (!fails) at = end, pc = now.first;
          break;
        }
      }
      if (!fails) continue;
      if (choices.size() == outer_choices) return no_match;
      choice& last = choices.back();
      pc = last.next, at = last.at;
      if (last.more != nullptr) {
        std::size_t further = last.at;
        if (further < last.low && step(text, further, *last.more)) last.at = further;
        else choices.pop_back();
      } else if (last.at > last.low) {
        last.at -= character_before(text, last.at).size;
      } else {
        choices.pop_back();
      }
    }
    choices.resize(outer_choices);
    return no_match;
  }

  static bool step(std::string_view text, std::size_t& at, const character_class& set) {
    if (at >= text.size()) return false;
    const utf8_step found = character_at(text, at);
    if (!set.contains(found.code_point)) return false;
    at += found.size;
    return true;
  }

  bool run(std::string_view text, std::size_t& at, const instruction& now, std::size_t next,
           std::vector<choice>& choices) const {
    const character_class& set = program_.classes[now.first];
    for (std::uint32_t i = 0; i < now.least; ++i)
      if (!step(text, at, set)) return false;
    const std::size_t low = at;
    if (now.how == detail::repetition::lazy) {
      std::size_t high = at, more = at;
      for (std::uint32_t i = now.least; i < now.most && step(text, high, set);) ++i;
      if (step(text, more, set) && more <= high) choices.push_back({next, high, more, &set});
      return true;
    }
    for (std::uint32_t i = now.least; i < now.most && step(text, at, set);)
      if (now.most != detail::without_end) ++i;
    if (at > low && now.how == detail::repetition::greedy)
      choices.push_back({next, low, at - character_before(text, at).size, nullptr});
    return true;
  }

  detail::expression_program program_;
};

}  // namespace typeformer
