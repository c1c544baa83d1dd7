// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace typeformer::detail {

enum class template_type : std::uint8_t {
  undefined,
  none,
  boolean,
  integer,
  number,
  text,
  list,
  map,
  variables,  ///< a namespace, whose members may be set
  function    ///< a macro or a built-in function
};

constexpr std::string_view name_of(template_type kind) {
  constexpr std::string_view names[] = {"undefined", "none",   "a boolean", "an integer",  "a number",
                                        "a text",    "a list", "a map",     "a namespace", "a function"};
  return names[static_cast<std::size_t>(kind)];
}

struct template_member;

/// A value of a template. Texts, lists and maps are shared and do not change.
struct template_value {
  using elements = std::vector<template_value>;
  using members = std::vector<template_member>;

  /// Containers hold at most this many values, those of their elements included, and are nested at most so deeply.
  static constexpr std::size_t most_values = 100'000, deepest = 32;

  template_type kind = template_type::undefined;
  std::int64_t integer = 0;  ///< also a boolean, and the number of a macro
  double number = 0;
  std::shared_ptr<const std::string> text;  ///< also a function's name
  std::shared_ptr<const elements> list;
  std::shared_ptr<members> map;
  std::size_t size = 1, depth = 0;  ///< of a container

  static template_value none() { return of_kind(template_type::none); }
  static template_value of(bool value) { return of_kind(template_type::boolean, value); }
  static template_value of(std::int64_t value) { return of_kind(template_type::integer, value); }
  static template_value of(double value) {
    template_value made = of_kind(template_type::number);
    made.number = value;
    return made;
  }
  static template_value of(std::string value) {
    template_value made = of_kind(template_type::text);
    made.text = std::make_shared<const std::string>(std::move(value));
    return made;
  }
  static template_value of(std::string_view value) { return of(std::string(value)); }
  static template_value of(const char* value) { return of(std::string(value)); }
  static template_value of(elements values) {
    template_value made = of_kind(template_type::list);
    for (const template_value& each : values) made.count(each);
    made.list = std::make_shared<const elements>(std::move(values));
    return made;
  }
  static inline template_value of(members values, template_type kind = template_type::map);
  static template_value function(std::string_view name, std::int64_t macro = -1) {
    template_value made = of(name);
    made.kind = template_type::function, made.integer = macro;
    return made;
  }

  bool is(template_type asked) const { return kind == asked; }
  bool is_whole() const { return is(template_type::integer) || is(template_type::boolean); }
  bool is_number() const { return is_whole() || is(template_type::number); }
  bool is_map() const { return is(template_type::map) || is(template_type::variables); }
  bool is_too_large() const { return size > most_values || depth > deepest; }
  double as_number() const { return is_whole() ? static_cast<double>(integer) : number; }
  std::string_view view() const { return text ? std::string_view(*text) : std::string_view{}; }

  /// The value of a member; null if there is none.
  inline const template_value* find(std::string_view name) const;
  inline void set(std::string_view name, template_value value);
  inline bool is_true() const;

 private:
  static template_value of_kind(template_type kind, std::int64_t integer = 0) {
    template_value made;
    made.kind = kind, made.integer = integer;
    return made;
  }
  void count(const template_value& held) {
    size = (std::min)(size + held.size, most_values + 1);
    depth = (std::max)(depth, held.depth + 1);
  }
};

struct template_member {
  std::string name;
  template_value value;
};

inline template_value template_value::of(members values, template_type kind) {
  template_value made = of_kind(kind);
  for (const template_member& each : values) made.count(each.value);
  made.map = std::make_shared<members>(std::move(values));
  return made;
}

inline const template_value* template_value::find(std::string_view name) const {
  if (!map) return nullptr;
  const auto found = std::find_if(map->begin(), map->end(), [&](const auto& each) { return each.name == name; });
  return found == map->end() ? nullptr : &found->value;
}

inline void template_value::set(std::string_view name, template_value value) {
  for (template_member& each : *map)
    if (each.name == name) return void(each.value = std::move(value));
  map->push_back({std::string(name), std::move(value)});
}

/// As Python sees it: what is empty or zero is false.
inline bool template_value::is_true() const {
  switch (kind) {
    case template_type::undefined:
    case template_type::none: return false;
    case template_type::boolean:
    case template_type::integer: return integer != 0;
    case template_type::number: return number != 0;
    case template_type::text: return !text->empty();
    case template_type::list: return !list->empty();
    case template_type::map: return !map->empty();
    case template_type::variables:
    case template_type::function: return true;
  }
  return false;
}

/// As Python compares: 1, 1.0 and true are equal.
inline bool operator==(const template_value& a, const template_value& b) {
  if (a.is_whole() && b.is_whole()) return a.integer == b.integer;
  if (a.is_number() && b.is_number()) return a.as_number() == b.as_number();
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case template_type::text: return *a.text == *b.text;
    case template_type::list: return a.list == b.list || *a.list == *b.list;
    case template_type::map:
      return a.map->size() == b.map->size() && std::all_of(a.map->begin(), a.map->end(), [&](const auto& each) {
               const template_value* const other = b.find(each.name);
               return other != nullptr && *other == each.value;
             });
    case template_type::variables: return a.map == b.map;
    case template_type::function: return a.integer == b.integer && *a.text == *b.text;
    default: return true;
  }
}

/// What an evaluation has spent, and its first problem.
///
/// A template is anyone's file: the work of an evaluation is limited, and so is the memory, since every byte that is
/// made is paid for.
class template_work {
 public:
  explicit template_work(std::size_t allowed) : left_{allowed} {}

  bool ok() const { return problem_.empty(); }
  const std::string& problem() const { return problem_; }
  /// Returns undefined, for convenience.
  template_value fail(std::string_view what) {
    if (ok()) problem_ = what;
    return {};
  }
  template_value unsupported(std::string_view what, std::string_view name) {
    return fail("the " + std::string(what) + " \"" + std::string(name.substr(0, 60)) + "\" is not supported");
  }
  bool spend(std::size_t cost) {
    if (cost > left_) fail("it takes too long");
    left_ -= (std::min)(cost, left_);
    return ok();
  }

 private:
  std::size_t left_;
  std::string problem_;
};

}  // namespace typeformer::detail
