// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_cursor.hpp>
#include <typeformer/text/detail/template_nodes.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer::detail {

/// Parses the operands of a template's expressions: values, members, calls, filters and tests.
class template_operands : public template_cursor {
 public:
  using template_cursor::template_cursor;

 protected:
  using does = template_operation;
  static constexpr std::size_t absent = template_expression::absent, highest = 200;

  std::size_t add(does what, std::string name, std::vector<std::size_t> parts) {
    made_.push_back({what, std::move(name), {}, {}, {}});
    heights_.push_back(1);
    for (const std::size_t part : parts) append(made_.size() - 1, part);
    return made_.size() - 1;
  }
  std::size_t add(template_value value) {
    made_.push_back({does::constant, {}, std::move(value), {}, {}});
    heights_.push_back(1);
    return made_.size() - 1;
  }

  virtual std::size_t expression() = 0;
  ~template_operands() = default;

  std::size_t with_filters() {
    std::size_t made = sees_sign("-") || sees_sign("+") ? signed_operand() : postfixed();
    while (ok()) {
      if (takes_sign("|")) {
        made = add(does::filter, take_name(), {made});
        if (takes_sign("(")) arguments(made);
      } else if (takes_word("is")) {
        const bool is_negated = takes_word("not");
        made = test(made);
        if (is_negated) made = add(does::negation, {}, {made});
      } else {
        return made;
      }
    }
    return made;
  }
  std::size_t signed_operand() {
    const bool is_minus = take().text == "-";
    const std::size_t operand =
        nested([&] { return sees_sign("-") || sees_sign("+") ? signed_operand() : postfixed(); });
    return is_minus ? add(does::sign, {}, {operand}) : operand;
  }
  std::size_t test(std::size_t of) {
    const std::size_t made = add(does::test, take_name(), {of});
    if (takes_sign("(")) arguments(made);
    else if (begins_operand()) append(made, postfixed());
    return made;
  }
  bool begins_operand() const {
    if (now().kind == kinds::sign) return now().text == "[" || now().text == "{";
    if (now().kind == kinds::name)
      return std::ranges::count(std::initializer_list<std::string_view>{"and", "or", "not", "else", "is", "if", "in"},
                                now().text) == 0;
    return now().kind == kinds::string || now().kind == kinds::integer || now().kind == kinds::number;
  }

  std::vector<template_expression> made_;
  std::vector<std::size_t> heights_;  // how many expressions are evaluated at once, at most

 private:
  /// `1 + 1 + 1` does not nest for the parser, but is evaluated by recursion.
  void append(std::size_t to, std::size_t part) {
    made_[to].parts.push_back(part);
    if (part != absent) heights_[to] = (std::max)(heights_[to], heights_[part] + 1);
    if (heights_[to] > highest) reject("it is nested too deeply");
  }

  /// Up to the closing bracket.
  void arguments(std::size_t of) {
    while (ok() && !takes_sign(")")) {
      std::string keyword;
      if (now().kind == kinds::name && next().kind == kinds::sign && next().text == "=") {
        keyword = take_name();
        take();
      }
      if (keyword.empty() && !made_[of].keywords.empty()) reject("an argument without a name after one with a name");
      append(of, expression());
      if (!keyword.empty()) made_[of].keywords.push_back(keyword);
      if (!sees_sign(")")) expect_sign(",");
    }
  }

  std::size_t postfixed() {
    std::size_t made = primary();
    while (ok()) {
      if (takes_sign(".")) {
        made = now().kind == kinds::integer ? add(does::item, {}, {made, primary()})
                                            : add(does::attribute, take_name(), {made});
      } else if (takes_sign("[")) {
        made = subscript(made);
      } else if (sees_sign("(")) {
        take();
        template_expression& called = made_[made];
        if (called.what == does::attribute) called.what = does::method;
        else if (called.what == does::variable) called.what = does::call;
        else reject("a call of what is no name is not supported");
        arguments(made);
      } else {
        return made;
      }
    }
    return made;
  }
  std::size_t subscript(std::size_t of) {
    std::vector<std::size_t> bounds;
    bool is_slice = false;
    while (ok() && bounds.size() < 3) {
      bounds.push_back(sees_sign(":") || sees_sign("]") ? absent : expression());
      if (takes_sign(":")) is_slice = true;
      else break;
    }
    expect_sign("]");
    if (!is_slice) {
      if (bounds[0] == absent) fail("expected an index");
      return add(does::item, {}, {of, bounds[0]});
    }
    bounds.resize(3, absent);
    return add(does::slice, {}, {of, bounds[0], bounds[1], bounds[2]});
  }

  std::size_t primary() {
    const template_token token = take();
    switch (token.kind) {
      case kinds::string: return add(strings(token.text));
      case kinds::integer:
        if (const auto number = number_in<std::int64_t>(token.text)) return add(template_value::of(*number));
        return reject("a number is too large"), 0;
      case kinds::number: return add(template_value::of(number_in<double>(token.text).value_or(0)));
      case kinds::name: return named(token.text);
      case kinds::sign:
        if (token.text == "(") return in_parentheses();
        if (token.text == "[") return list("]");
        if (token.text == "{") return map();
        break;
      default: break;
    }
    reject("expected an expression, found \"" + token.text.substr(0, 40) + "\"");
    return 0;
  }
  /// Strings one after the other are one.
  template_value strings(std::string text) {
    while (now().kind == kinds::string) text += take().text;
    return template_value::of(std::move(text));
  }
  std::size_t named(const std::string& name) {
    if (name == "true" || name == "True") return add(template_value::of(true));
    if (name == "false" || name == "False") return add(template_value::of(false));
    if (name == "none" || name == "None") return add(template_value::none());
    return add(does::variable, name, {});
  }
  std::size_t in_parentheses() {
    const std::size_t first = sees_sign(")") ? absent : expression();
    if (first != absent && takes_sign(")")) return first;
    std::vector<std::size_t> all;
    if (first != absent) all.push_back(first);
    if (first != absent) expect_sign(",");
    return rest_of_list(std::move(all), ")");
  }
  std::size_t list(std::string_view close) { return rest_of_list({}, close); }
  std::size_t rest_of_list(std::vector<std::size_t> all, std::string_view close) {
    while (ok() && !takes_sign(close)) {
      all.push_back(expression());
      if (!sees_sign(close)) expect_sign(",");
    }
    return add(does::list, {}, std::move(all));
  }
  std::size_t map() {
    std::vector<std::size_t> all;
    while (ok() && !takes_sign("}")) {
      all.push_back(expression());
      expect_sign(":");
      all.push_back(expression());
      if (!sees_sign("}")) expect_sign(",");
    }
    return add(does::map, {}, std::move(all));
  }
};

}  // namespace typeformer::detail
