// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_evaluator.hpp>
#include <typeformer/text/detail/template_functions.hpp>
#include <typeformer/text/detail/template_nodes.hpp>
#include <typeformer/text/detail/template_texts.hpp>
#include <typeformer/text/detail/template_value.hpp>

namespace typeformer::detail {

/// Runs the statements of a template.
class template_interpreter final : public template_evaluator {
 public:
  using template_evaluator::template_evaluator;

  /// The text; incomplete if `work()` has a problem.
  std::string run() {
    execute(program().statements);
    return std::move(output_);
  }

 private:
  enum class flow { on, leaves_loop, next_round };
  static constexpr std::size_t most_calls = 16, cost_of_statement = 32, cost_of_round = 256;

  flow execute(const std::vector<template_statement>& statements) {
    for (const template_statement& each : statements) {
      if (!work_.spend(cost_of_statement)) return flow::on;
      if (const flow next = execute(each); next != flow::on || !work_.ok()) return next;
    }
    return flow::on;
  }

  flow execute(const template_statement& s) {
    switch (s.what) {
      case template_action::text: write(s.text); break;
      case template_action::output: write(template_text(evaluate(s.expression), work_)); break;
      case template_action::branch: return execute(evaluate(s.expression).is_true() ? s.statements : s.otherwise);
      case template_action::body: return execute(s.statements);
      case template_action::loop: return loop(s);
      case template_action::set: assign(s.names, evaluate(s.expression)); break;
      case template_action::set_member: set_member(s); break;
      case template_action::set_text: set(s.names[0], template_value::of(written_by(s.statements))); break;
      case template_action::macro:
        set(s.text, template_value::function(s.text, std::ssize(macros_)));
        macros_.push_back(&s);
        break;
      case template_action::leave: return flow::leaves_loop;
      case template_action::go_on: return flow::next_round;
    }
    return flow::on;
  }

  void write(std::string_view text) {
    if (work_.spend(text.size())) output_ += text;
  }
  std::string written_by(const std::vector<template_statement>& statements) {
    std::string outer = std::exchange(output_, {});
    execute(statements);
    return std::exchange(output_, std::move(outer));
  }

  void assign(const std::vector<std::string>& names, const template_value& value) {
    if (names.size() == 1) return set(names[0], value);
    if (!value.is(kind::list) || value.list->size() != names.size())
      return void(work_.fail("expected " + std::to_string(names.size()) + " values"));
    for (std::size_t i = 0; i < names.size(); ++i) set(names[i], (*value.list)[i]);
  }
  void set_member(const template_statement& s) {
    template_value value = evaluate(s.expression);
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      for (template_member& each : *scope) {
        if (each.name != s.names[0]) continue;
        if (!each.value.is(kind::variables)) break;
        if (value.is(kind::variables)) work_.fail("a namespace in another value is not supported");
        else each.value.set(s.names[1], std::move(value));
        return;
      }
    work_.fail("\"" + s.names[0].substr(0, 60) + "\" is no namespace");
  }

  flow loop(const template_statement& s) {
    template_value::elements all = template_elements(evaluate(s.expression), work_);
    if (s.condition != template_expression::absent) {
      scopes_.emplace_back();
      std::erase_if(all, [&](const template_value& each) {
        assign(s.names, each);
        return !evaluate(s.condition).is_true();
      });
      scopes_.pop_back();
    }
    if (!work_.ok()) return flow::on;
    if (all.empty()) return execute(s.otherwise);
    for (std::size_t i = 0; i < all.size() && work_.spend(cost_of_round); ++i) {
      scopes_.emplace_back();
      set("loop", place_in_loop(all, i));
      assign(s.names, all[i]);
      const flow next = work_.ok() ? execute(s.statements) : flow::leaves_loop;
      scopes_.pop_back();
      if (next == flow::leaves_loop) break;
    }
    return flow::on;
  }
  static template_value place_in_loop(const template_value::elements& all, std::size_t i) {
    const auto number = [](std::size_t n) { return template_value::of(static_cast<std::int64_t>(n)); };
    return template_value::of(
        template_value::members{{"index", number(i + 1)},
                                {"index0", number(i)},
                                {"revindex", number(all.size() - i)},
                                {"revindex0", number(all.size() - i - 1)},
                                {"first", template_value::of(i == 0)},
                                {"last", template_value::of(i + 1 == all.size())},
                                {"length", number(all.size())},
                                {"previtem", i == 0 ? template_value{} : all[i - 1]},
                                {"nextitem", i + 1 < all.size() ? all[i + 1] : template_value{}}});
  }

  /// A macro sees its arguments and what is set outside of loops and macros.
  template_value call_macro(std::size_t number, const template_arguments& given) override {
    const template_statement& macro = *macros_[number];
    if (++calls_ > most_calls) return work_.fail("macros call one another too deeply");
    std::vector<template_value::members> outer{scopes_.begin() + 1, scopes_.end()};
    scopes_.resize(1);
    scopes_.emplace_back();
    const std::size_t first_default = macro.names.size() - macro.defaults.size();
    if (given.values.size() > macro.names.size()) work_.fail("too many arguments of \"" + macro.text + "\"");
    for (std::size_t i = 0; i < macro.names.size(); ++i) {
      template_value value = given.get(i, macro.names[i]);
      if (value.is(kind::undefined) && i >= first_default) value = evaluate(macro.defaults[i - first_default]);
      set(macro.names[i], std::move(value));
    }
    std::string made = written_by(macro.statements);
    scopes_.resize(1);
    scopes_.insert(scopes_.end(), std::make_move_iterator(outer.begin()), std::make_move_iterator(outer.end()));
    --calls_;
    return template_value::of(std::move(made));
  }

  std::string output_;
  std::size_t calls_ = 0;
};

}  // namespace typeformer::detail
