// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/hosted/grammars/detail/ebnf_reader.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>

namespace typeformer::detail {

/// Replaces references by what their rules say. A rule may be inside of itself so many times; deeper ones are no text.
class ebnf_expansion {
 public:
  static constexpr int most_expanded = 20'000;

  ebnf_expansion(const std::vector<ebnf_rule>& rules, int most_recursions)
      : rules_{rules}, most_recursions_{most_recursions}, open_(rules.size()) {}

  grammar rule(std::size_t number) {
    if (open_[number] > most_recursions_) return grammar::nothing();
    if (++expanded_ > most_expanded || depth_ > deepest) return is_too_large_ = true, grammar{};
    ++open_[number];
    ++depth_;
    grammar made = expression(rules_[number].body);
    --depth_;
    --open_[number];
    return made;
  }
  bool is_too_large() const { return is_too_large_; }

 private:
  static constexpr int deepest = 1'000;

  grammar expression(const ebnf_expression& what) {
    if (is_too_large_) return {};
    using kind = ebnf_expression::kind;
    if (what.what == kind::terminal) return what.terminal;
    if (what.what == kind::reference) return rule(what.rule);
    if (what.what == kind::repetition) return grammar::repeat(expression(what.parts[0]), what.least, what.most);
    std::vector<grammar> parts;
    for (const ebnf_expression& part : what.parts) parts.push_back(expression(part));
    return what.what == kind::choice ? grammar::choice(std::move(parts)) : grammar::sequence(std::move(parts));
  }

  const std::vector<ebnf_rule>& rules_;
  int most_recursions_;
  std::vector<int> open_;
  int expanded_ = 0, depth_ = 0;
  bool is_too_large_ = false;
};

}  // namespace typeformer::detail
