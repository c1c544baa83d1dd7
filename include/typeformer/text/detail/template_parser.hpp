// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_expressions.hpp>
#include <typeformer/text/detail/template_nodes.hpp>

namespace typeformer::detail {

/// Parses the statements of a template: texts, output, `if`, `for`, `set`, `macro`, `generation`, `break`, `continue`.
class template_parser : public template_expressions {
 public:
  using template_expressions::template_expressions;

  template_program run() {
    template_program program;
    program.statements = statements({});
    program.expressions = std::move(made_);
    return program;
  }

 private:
  using action = template_action;
  using words = std::initializer_list<std::string_view>;

  /// Up to a statement that begins with one of the words, which is taken and is in `ending_`; or to the end.
  std::vector<template_statement> statements(words endings) {
    return nested([&] {
      std::vector<template_statement> all;
      while (ok() && now().kind != kinds::end_of_template) {
        const template_token token = take();
        if (token.kind == kinds::text) {
          all.push_back({.what = action::text, .text = token.text});
        } else if (token.kind == kinds::output_begin) {
          all.push_back({.what = action::output, .expression = expressions()});
          expect_end();
        } else {
          ending_ = take_name();
          if (std::ranges::count(endings, ending_) > 0) return all;
          all.push_back(statement(std::exchange(ending_, {})));
        }
      }
      if (endings.size() > 0 && ok()) reject("\"" + std::string(*(endings.end() - 1)) + "\" is missing");
      return all;
    });
  }
  void expect_end() {
    if (now().kind == kinds::end) take();
    else fail("expected \"}}\" or \"%}\"");
  }
  /// The statements up to `ending`.
  std::vector<template_statement> body(std::string_view ending) {
    expect_end();
    std::vector<template_statement> all = statements({ending});
    expect_end();
    return all;
  }

  template_statement statement(const std::string& word) {
    if (word == "if") return branch();
    if (word == "for") return loop();
    if (word == "set") return assignment();
    if (word == "macro") return macro();
    if (word == "generation") return {.what = action::body, .statements = body("endgeneration")};
    if (word == "break" || word == "continue") {
      if (loops_ == 0) reject("\"" + word + "\" is not in a loop");
      expect_end();
      return {.what = word == "break" ? action::leave : action::go_on};
    }
    const bool is_end = word.starts_with("end") || word == "else" || word == "elif";
    reject(is_end ? "\"" + word + "\" without a beginning"
                  : "the statement \"" + word.substr(0, 40) + "\" is not supported");
    return {};
  }

  template_statement branch() {
    template_statement made{.what = action::branch, .expression = expression()};
    expect_end();
    made.statements = statements({"elif", "else", "endif"});
    if (ending_ == "elif") {
      made.otherwise = nested([&] { return std::vector<template_statement>{branch()}; });
      return made;
    }
    if (ending_ == "else") {
      expect_end();
      made.otherwise = statements({"endif"});
    }
    expect_end();
    return made;
  }

  template_statement loop() {
    template_statement made{.what = action::loop, .names = targets()};
    if (!takes_word("in")) fail("expected \"in\"");
    made.expression = disjunction();
    if (takes_word("if")) made.condition = expression();
    if (sees_word("recursive")) reject("a recursive loop is not supported");
    expect_end();
    ++loops_;
    made.statements = statements({"else", "endfor"});
    --loops_;
    if (ending_ == "else") {
      expect_end();
      made.otherwise = statements({"endfor"});
    }
    expect_end();
    return made;
  }
  std::vector<std::string> targets() {
    const bool is_enclosed = takes_sign("(");
    std::vector<std::string> all{take_name()};
    while (takes_sign(",")) all.push_back(take_name());
    if (is_enclosed) expect_sign(")");
    return all;
  }

  template_statement assignment() {
    template_statement made{.what = action::set, .names = targets()};
    if (made.names.size() == 1 && takes_sign(".")) {
      made.what = action::set_member;
      made.names.push_back(take_name());
    }
    if (takes_sign("=")) {
      made.expression = expressions();
      expect_end();
      return made;
    }
    if (made.what != action::set || made.names.size() != 1) fail("expected \"=\"");
    if (sees_sign("|")) reject("a filter of a set block is not supported");
    made.what = action::set_text;
    made.statements = body("endset");
    return made;
  }

  template_statement macro() {
    template_statement made{.what = action::macro, .text = take_name()};
    expect_sign("(");
    while (ok() && !takes_sign(")")) {
      made.names.push_back(take_name());
      if (takes_sign("=")) made.defaults.push_back(expression());
      else if (!made.defaults.empty()) reject("a parameter without a default after one with a default");
      if (!sees_sign(")")) expect_sign(",");
    }
    const int outer_loops = std::exchange(loops_, 0);
    made.statements = body("endmacro");
    loops_ = outer_loops;
    return made;
  }

  std::string ending_;
  int loops_ = 0;
};

}  // namespace typeformer::detail
