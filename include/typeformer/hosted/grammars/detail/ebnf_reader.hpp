// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/hosted/grammars/detail/ebnf_scanner.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/text/printable.hpp>
#include <typeformer/text/utf8.hpp>

namespace typeformer::detail {

/// An expression of EBNF. A repetition has one part.
struct ebnf_expression {
  enum class kind : std::uint8_t { terminal, reference, sequence, choice, repetition };
  kind what = kind::sequence;
  grammar terminal;
  std::size_t rule = 0;  ///< of a reference
  std::vector<ebnf_expression> parts{};
  std::uint32_t least = 0, most = grammar::without_end;
};
struct ebnf_rule {
  std::string_view name;
  std::size_t line = 0;  ///< of the definition, or of the first reference
  bool is_defined = false;
  ebnf_expression body;
};

/// Reads rules by recursive descent.
class ebnf_reader : ebnf_scanner {
 public:
  using ebnf_scanner::ebnf_scanner, ebnf_scanner::problem;

  /// The rules in the order in which their names appear, or none if there is a problem.
  std::vector<ebnf_rule> read() {
    for (skip(); ok() && at_ < text_.size(); skip()) read_rule();
    if (ok() && rules_.empty()) fail("expected a rule, found the end");
    for (const ebnf_rule& rule : rules_)
      if (ok() && !rule.is_defined) fail_at(rule.line, {"the rule ", quoted_name(rule.name), " is not defined"});
    if (!ok()) rules_.clear();
    return std::move(rules_);
  }

 private:
  static constexpr int deepest = 200;

  std::size_t rule_of(std::string_view name) {
    for (std::size_t i = 0; i < rules_.size(); ++i)
      if (rules_[i].name == name) return i;
    rules_.push_back({.name = name, .line = line_, .body = {}});
    return rules_.size() - 1;
  }
  /// Whether a rule begins here: a name, and its sign.
  bool begins_rule() {
    const std::size_t at = at_, line = line_;
    const bool has_name = !name().empty();
    skip();
    const bool is_rule = has_name && sees("::=");
    at_ = at;
    line_ = line;
    return is_rule;
  }

  void read_rule() {
    const std::size_t line = line_;
    const std::string_view called = name();
    if (called.empty()) return fail("expected the name of a rule");
    skip();
    if (!take("::=")) return fail("expected ::= behind the name of a rule");
    const std::size_t number = rule_of(called);
    if (rules_[number].is_defined) return fail_at(line, {"the rule ", quoted_name(called), " is defined twice"});
    rules_[number].is_defined = true;
    ebnf_expression body = choice(0);
    rules_[number].body = std::move(body);
    rules_[number].line = line;
  }

  ebnf_expression choice(int depth) {
    ebnf_expression made{.what = ebnf_expression::kind::choice, .terminal = {}};
    if (depth > deepest) fail("a group that is nested so deeply is not supported");
    do made.parts.push_back(sequence(depth));
    while (ok() && take("|"));
    return made.parts.size() == 1 ? std::move(made.parts[0]) : std::move(made);
  }
  ebnf_expression sequence(int depth) {
    ebnf_expression made;
    for (skip(); ok() && at_ < text_.size() && !sees("|") && !sees(")") && !begins_rule(); skip()) {
      ebnf_expression part = without(item(depth), depth);
      made.parts.push_back(repeated(std::move(part)));
    }
    return made.parts.size() == 1 ? std::move(made.parts[0]) : std::move(made);
  }

  ebnf_expression item(int depth) {
    if (take("(")) {
      ebnf_expression inner = choice(depth + 1);
      if (ok() && !take(")")) fail("a '(' without ')'");
      return inner;
    }
    if (sees("\"") || sees("'")) return terminal(grammar::text(quoted()));
    if (sees("[")) return terminal(set());
    if (sees_code()) return terminal(code());
    const std::string_view called = name();
    if (called.empty()) {
      const std::size_t size = (std::max)(utf8_at(text_, at_).size, std::size_t{1});
      fail_at(line_,
              {"expected a rule, a text, [characters] or a group, found ", quoted_name(text_.substr(at_, size))});
    }
    ebnf_expression made{.what = ebnf_expression::kind::reference, .terminal = {}};
    if (ok()) made.rule = rule_of(called);
    return made;
  }
  static ebnf_expression terminal(grammar what) {
    return {.what = ebnf_expression::kind::terminal, .terminal = std::move(what)};
  }
  /// A - B, of characters.
  ebnf_expression without(ebnf_expression from, int depth) {
    const std::size_t at = at_, line = line_;
    skip();
    if (!ok() || !take("-")) return at_ = at, line_ = line, from;
    skip();
    const ebnf_expression taken = item(depth);
    const auto is_set = [](const ebnf_expression& e) {
      return e.what == ebnf_expression::kind::terminal && e.terminal.what() == grammar::kind::one_of;
    };
    if (ok() && !(is_set(from) && is_set(taken))) fail("expected sets of characters on both sides of '-'");
    return ok() ? terminal(grammar::one_of(from.terminal.set().without(taken.terminal.set()))) : from;
  }
  ebnf_expression repeated(ebnf_expression what) {
    std::uint32_t least = 0, most = grammar::without_end;
    if (take("+")) least = 1;
    else if (take("?")) most = 1;
    else if (sees("{")) bounds(least, most);
    else if (!take("*")) return what;
    if (sees("+") || sees("?") || sees("*") || sees("{")) fail("a quantifier of a quantifier");
    ebnf_expression made{.what = ebnf_expression::kind::repetition, .terminal = {}, .least = least, .most = most};
    made.parts.push_back(std::move(what));
    return made;
  }
  /// Reads `{m}`, `{m,}` and `{m,n}` as an expression does.
  void bounds(std::uint32_t& least, std::uint32_t& most) {
    const auto read = part_of_expression("x" + std::string(up_to('}')));
    least = read.least();
    most = read.most();
  }

  std::vector<ebnf_rule> rules_;
};

}  // namespace typeformer::detail
