// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/grammars/detail/ebnf_expansion.hpp>
#include <typeformer/hosted/grammars/detail/ebnf_reader.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/text/joined.hpp>

namespace typeformer {

struct ebnf_options {
  int most_recursions = 2;  ///< how often a rule may be inside of itself
};

/// The texts of a grammar in EBNF, as XML's specification (W3C, §6) and the GBNF files of llama.cpp write it.
///
/// Rules `name ::= expression`, the first of which is the start, or the one called `root`; `"text"`, with the escapes of
/// `expression_grammar`, and `'text'`, without; sets such as `[a-z]`, `[^#x20]`; `#xN`; names; groups `( )`; `|`; `? * +
/// {m,n}`; A - B of sets; comments `/* */` and from `#` to the end of the line. A rule that contains itself is followed
/// `most_recursions` times, so that the language is regular: deeper texts are not in it.
///
/// Errors: a text that is no grammar, with its line; a rule that is not defined or defined twice; too many references.
///
/// ```cpp
///   const auto sum = tf::ebnf_grammar(R"(
///     sum    ::= number (" + " number)*
///     number ::= "0" | [1-9] [0-9]{0,3}
///   )");
/// ```
inline result<grammar, grammar_error> ebnf_grammar(std::string_view text, const ebnf_options& options = {}) noexcept {
  detail::ebnf_reader reader{text};
  const std::vector<detail::ebnf_rule> rules = reader.read();
  if (rules.empty()) return failure{grammar_error{reader.problem()}};
  const auto root = std::ranges::find(rules, std::string_view{"root"}, &detail::ebnf_rule::name);
  detail::ebnf_expansion expansion{rules, options.most_recursions};
  grammar made = expansion.rule(root == rules.end() ? 0 : static_cast<std::size_t>(root - rules.begin()));
  if (expansion.is_too_large())
    return failure{grammar_error{detail::joined({"the grammar is too large: expected at most ",
                                                 detail::digits_of(detail::ebnf_expansion::most_expanded),
                                                 " references, or fewer recursions"})}};
  return result<grammar, grammar_error>(std::move(made));
}

}  // namespace typeformer
