// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <typeformer/text/detail/template_date.hpp>
#include <typeformer/text/detail/template_filters.hpp>
#include <typeformer/text/detail/template_functions.hpp>
#include <typeformer/text/detail/template_nodes.hpp>
#include <typeformer/text/detail/template_operators.hpp>
#include <typeformer/text/detail/template_texts.hpp>
#include <typeformer/text/detail/template_value.hpp>

namespace typeformer::detail {

/// Evaluates the expressions of a template. Names are looked up in scopes, from the innermost one on.
class template_evaluator {
 public:
  template_evaluator(const template_program& program, const std::tm& now, std::size_t allowed)
      : work_{allowed}, program_{program}, now_{now} {}

  const template_work& work() const { return work_; }
  void set(std::string_view name, template_value value) {
    for (template_member& each : scopes_.back())
      if (each.name == name) return void(each.value = std::move(value));
    scopes_.back().push_back({std::string(name), std::move(value)});
  }

 protected:
  using does = template_operation;
  using kind = template_type;

  virtual template_value call_macro(std::size_t number, const template_arguments& given) = 0;
  ~template_evaluator() = default;

  /// A value, and a copy of nothing: containers are shared.
  template_value evaluate(std::size_t number) {
    if (number == template_expression::absent || !work_.spend(cost_of_step)) return {};
    const template_expression& e = program_.expressions[number];
    switch (e.what) {
      case does::constant: return e.value;
      case does::variable: return variable(e.name);
      case does::list: return list(e);
      case does::map: return map(e);
      case does::attribute: return attribute(evaluate(e.parts[0]), e.name);
      case does::item: return item(e);
      case does::slice: return slice(e);
      case does::call: return call(e);
      case does::method:
      case does::filter:
      case does::test: return applied(e);
      case does::negation: return template_value::of(!evaluate(e.parts[0]).is_true());
      case does::sign:
        return template_arithmetic("-", template_value::of(std::int64_t{0}), evaluate(e.parts[0]), work_);
      case does::binary: return binary(e);
      case does::conjunction:
      case does::disjunction: {
        template_value first = evaluate(e.parts[0]);
        return first.is_true() == (e.what == does::disjunction) ? first : evaluate(e.parts[1]);
      }
      case does::conditional: return evaluate(e.parts[0]).is_true() ? evaluate(e.parts[1]) : evaluate(e.parts[2]);
    }
    return {};
  }

  const template_program& program() const { return program_; }

  template_work work_;
  std::vector<template_value::members> scopes_{1};
  std::vector<const template_statement*> macros_;

 private:
  static constexpr std::size_t cost_of_step = 32;

  template_value variable(std::string_view name) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      for (const template_member& each : *scope)
        if (each.name == name) return each.value;
    for (const std::string_view known : {"raise_exception", "strftime_now", "namespace", "range", "dict"})
      if (known == name) return template_value::function(name);
    return {};
  }
  template_value attribute(const template_value& of, std::string_view name) {
    if (of.is(kind::undefined)) return work_.fail("\"" + std::string(name.substr(0, 60)) + "\" of an undefined value");
    const template_value* const found = of.is_map() ? of.find(name) : nullptr;
    return found == nullptr ? template_value{} : *found;
  }
  template_value list(const template_expression& e) {
    template_value::elements all;
    for (const std::size_t part : e.parts) all.push_back(evaluate(part));
    return holding_no_namespace(template_value::of(std::move(all)));
  }
  template_value map(const template_expression& e) {
    template_value::members all;
    for (std::size_t i = 0; i + 1 < e.parts.size(); i += 2) {
      const template_value key = evaluate(e.parts[i]);
      if (!key.is(kind::text)) return work_.fail("a key of a map that is no text is not supported");
      all.push_back({*key.text, evaluate(e.parts[i + 1])});
    }
    return holding_no_namespace(template_value::of(std::move(all)));
  }
  template_value item(const template_expression& e) {
    const template_value of = evaluate(e.parts[0]);
    return template_item(of, evaluate(e.parts[1]), work_);
  }
  template_value slice(const template_expression& e) {
    const template_value of = evaluate(e.parts[0]), first = evaluate(e.parts[1]), last = evaluate(e.parts[2]);
    return template_slice(of, first, last, evaluate(e.parts[3]), work_);
  }
  template_value binary(const template_expression& e) {
    const template_value a = evaluate(e.parts[0]), b = evaluate(e.parts[1]);
    return work_.ok() ? template_binary(e.name, a, b, work_) : template_value{};
  }

  template_arguments arguments(const template_expression& e, std::size_t first) {
    template_arguments given;
    const std::size_t by_name = e.parts.size() - e.keywords.size();
    for (std::size_t i = first; i < e.parts.size(); ++i) {
      template_value value = evaluate(e.parts[i]);
      if (i < by_name) given.values.push_back(std::move(value));
      else given.named.push_back({e.keywords[i - by_name], std::move(value)});
    }
    return given;
  }
  template_value applied(const template_expression& e) {
    const template_value of = evaluate(e.parts[0]);
    const template_arguments given = arguments(e, 1);
    if (!work_.ok()) return {};
    if (e.what == does::test) return template_value::of(template_test(of, e.name, given, work_));
    return e.what == does::filter ? template_filter(of, e.name, given, work_)
                                  : template_method(of, e.name, given, work_);
  }

  template_value call(const template_expression& e) {
    const template_value called = variable(e.name);
    const template_arguments given = arguments(e, 0);
    if (!work_.ok()) return {};
    if (!called.is(kind::function)) return work_.unsupported("function", e.name);
    if (called.integer >= 0) return call_macro(static_cast<std::size_t>(called.integer), given);
    const std::string_view name = called.view();
    const template_value first = given.get(0, "");
    if (name == "raise_exception") return work_.fail("it rejects these turns: " + std::string(first.view()));
    if (name == "range") return range(given);
    if (name == "namespace" || name == "dict") {
      if (!given.values.empty()) return work_.fail("arguments without names of \"" + e.name + "\" are not supported");
      return holding_no_namespace(template_value::of(given.named, name == "dict" ? kind::map : kind::variables));
    }
    std::string date;
    if (!append_template_date(date, first.view(), now_)) return work_.unsupported("form of a date", first.view());
    return work_.spend(date.size()) ? template_value::of(std::move(date)) : template_value{};
  }
  template_value range(const template_arguments& given) {
    const bool has_begin = given.values.size() > 1;
    const template_value first = has_begin ? given.values[0] : template_value::of(std::int64_t{0}),
                         last = given.get(has_begin ? 1 : 0, "");
    if (!first.is_whole() || !last.is_whole() || given.values.size() > 2)
      return work_.fail("\"range\" of anything but one or two whole numbers is not supported");
    template_value::elements all;
    for (std::int64_t i = first.integer; i < last.integer && work_.spend(256); ++i)
      all.push_back(template_value::of(i));
    return template_container(template_value::of(std::move(all)), work_);
  }

 protected:
  /// Namespaces change, so that one which held another could hold itself.
  template_value holding_no_namespace(template_value made) {
    bool holds = false;
    if (made.list)
      for (const template_value& each : *made.list) holds = holds || each.is(kind::variables);
    if (made.map)
      for (const template_member& each : *made.map) holds = holds || each.value.is(kind::variables);
    if (holds) return work_.fail("a namespace in another value is not supported");
    return template_container(std::move(made), work_);
  }

 private:
  const template_program& program_;
  const std::tm& now_;
};

}  // namespace typeformer::detail
