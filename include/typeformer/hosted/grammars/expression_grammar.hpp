// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string_view>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/grammars/detail/expression_reader.hpp>
#include <typeformer/hosted/grammars/grammar.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>

namespace typeformer {

/// The texts that a regular expression matches as a whole.
///
/// Characters; `.` (not a line feed); classes such as `[a-z_]`, `[^"\\]`; `\d \w \s` and `\D \W \S`, of ASCII; `\n \r
/// \t \f \v \0`, `\xHH`, `\uHHHH` and `\` before a sign; groups `(…)`, `(?:…)`; `|`; `* + ? {m} {m,} {m,n}`, also lazy,
/// which is the same language. `^` at the begin and `$` at the end of the expression change nothing. Everything else,
/// such as lookahead and references to groups, is an error that names it and its byte.
inline result<grammar, grammar_error> expression_grammar(std::string_view pattern) noexcept {
  return detail::expression_reader{pattern}.read();
}

}  // namespace typeformer
