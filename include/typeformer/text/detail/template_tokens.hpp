// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_escapes.hpp>
#include <typeformer/text/utf8.hpp>
#include <typeformer/text/white_space.hpp>

namespace typeformer::detail {

enum class template_token_kind : std::uint8_t {
  text,             ///< outside of braces
  output_begin,     ///< {{
  statement_begin,  ///< {%
  end,              ///< }} or %}
  name,
  string,
  integer,
  number,
  sign,  ///< an operator or a bracket
  end_of_template
};

struct template_token {
  template_token_kind kind;
  std::string text;
};

/// Divides a template into tokens. White space is removed as Jinja does with `trim_blocks` and `lstrip_blocks`, which
/// chat templates are written for: the line break after `%}`, and the blanks of a line before `{%`.
class template_lexer {
 public:
  /// Windows' line breaks must have become `\n`.
  explicit template_lexer(std::string_view source) : rest_{source} {
    if (rest_.ends_with('\n')) rest_.remove_suffix(1);
  }

  /// The tokens, the last of which is `end_of_template`; or a problem.
  bool run() {
    while (problem_.empty() && !rest_.empty()) step();
    add(template_token_kind::end_of_template, {});
    return problem_.empty();
  }
  const std::string& problem() const { return problem_; }
  std::vector<template_token> take() { return std::move(tokens_); }

 private:
  using kinds = template_token_kind;

  void add(kinds kind, std::string_view text) { tokens_.push_back({kind, std::string(text)}); }
  bool fail(std::string_view what) {
    if (problem_.empty()) problem_ = what;
    return false;
  }

  /// One text and what is in the braces after it.
  void step() {
    std::size_t open = rest_.find('{');
    while (open != rest_.npos &&
           (open + 1 == rest_.size() || std::string_view("{%#").find(rest_[open + 1]) == rest_.npos))
      open = rest_.find('{', open + 1);
    if (open == rest_.npos) {
      add(kinds::text, rest_);
      rest_ = {};
      return;
    }
    const char kind = rest_[open + 1], mark = open + 2 < rest_.size() ? rest_[open + 2] : '\0';
    std::string_view before = rest_.substr(0, open);
    if (mark == '-') {
      while (const std::size_t size = white_space_before(before, before.size())) before.remove_suffix(size);
    } else if (kind != '{' && mark != '+') {
      const std::size_t blanks = before.size() - (before.find_last_not_of(" \t") + 1);
      const std::string_view line = before.substr(0, before.size() - blanks);
      if (line.empty() ? line_begins_ : line.ends_with('\n')) before = line;
    }
    if (!before.empty()) add(kinds::text, before);
    rest_.remove_prefix(open + 2 + ((mark == '-' && kind != '#') || (mark == '+' && kind != '{') ? 1 : 0));
    if (kind == '#') return comment();
    add(kind == '{' ? kinds::output_begin : kinds::statement_begin, {});
    inside(kind == '{' ? "}}" : "%}");
  }

  void comment() {
    const std::size_t close = rest_.find("#}");
    if (close == rest_.npos) return void(fail("a comment without end"));
    const char mark = close > 0 ? rest_[close - 1] : '\0';
    rest_.remove_prefix(close + 2);
    after_end(mark, true);
  }

  /// Removes white space after a closing brace.
  void after_end(char mark, bool trims_line) {
    line_begins_ = false;
    if (mark == '-') {
      while (!rest_.empty()) {
        const utf8_step next = utf8_at(rest_, 0);
        if (next.size == 0 || !is_white_space(next.code_point)) break;
        rest_.remove_prefix(next.size);
      }
    } else if (trims_line && mark != '+' && rest_.starts_with('\n')) {
      rest_.remove_prefix(1);
      line_begins_ = true;
    }
  }

  void inside(std::string_view close) {
    for (std::size_t brackets = 0;;) {
      while (!rest_.empty() && is_white_space(static_cast<unsigned char>(rest_[0]))) rest_.remove_prefix(1);
      if (rest_.empty()) return void(fail("\"" + std::string(close) + "\" is missing at the end"));
      const std::size_t mark = rest_[0] == '-' || (rest_[0] == '+' && close[0] == '%') ? 1 : 0;
      if (brackets == 0 && rest_.substr(mark).starts_with(close)) {
        const char which = mark == 1 ? rest_[0] : '\0';
        rest_.remove_prefix(mark + close.size());
        add(kinds::end, close);
        return after_end(which, close[0] == '%');
      }
      if (!token()) return;
      if (tokens_.back().kind != kinds::sign) continue;
      const char sign = tokens_.back().text[0];
      if (sign == '(' || sign == '[' || sign == '{') ++brackets;
      else if ((sign == ')' || sign == ']' || sign == '}') && brackets-- == 0)
        return void(fail("a bracket is not opened"));
    }
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
  std::string_view take_while(bool (*belongs)(char)) {
    std::size_t size = 0;
    while (size < rest_.size() && belongs(rest_[size])) ++size;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }

  bool token() {
    const char first = rest_[0];
    if (is_letter(first)) {
      add(kinds::name, take_while([](char c) { return is_letter(c) || is_digit(c); }));
      return true;
    }
    if (is_digit(first)) {
      std::string digits{take_while(is_digit)};
      const bool is_whole = !(rest_.size() > 1 && rest_[0] == '.' && is_digit(rest_[1]));
      if (!is_whole) digits += '.', rest_.remove_prefix(1), digits += take_while(is_digit);
      add(is_whole ? kinds::integer : kinds::number, digits);
      return true;
    }
    if (first == '"' || first == '\'') return string(first);
    for (const std::string_view sign : {"==", "!=", "<=", ">=", "//", "**"})
      if (rest_.starts_with(sign)) return add(kinds::sign, sign), rest_.remove_prefix(2), true;
    if (std::string_view("+-*/%~<>=.,:|()[]{}").find(first) == std::string_view::npos)
      return fail("unexpected \"" + std::string(1, first) + "\"");
    add(kinds::sign, rest_.substr(0, 1));
    rest_.remove_prefix(1);
    return true;
  }

  bool string(char quote) {
    std::string made;
    for (rest_.remove_prefix(1); !rest_.empty() && rest_[0] != quote;) {
      if (rest_[0] != '\\') made += rest_[0], rest_.remove_prefix(1);
      else if (const std::string problem = append_escaped_character(rest_, made); !problem.empty())
        return fail(problem);
    }
    if (rest_.empty()) return fail("a string without end");
    rest_.remove_prefix(1);
    add(kinds::string, made);
    return true;
  }

  std::string_view rest_;
  std::vector<template_token> tokens_;
  std::string problem_;
  bool line_begins_ = true;
};

}  // namespace typeformer::detail
