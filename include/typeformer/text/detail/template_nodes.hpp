// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <typeformer/text/detail/template_value.hpp>

namespace typeformer::detail {

enum class template_operation : std::uint8_t {
  constant,
  variable,
  list,
  map,
  attribute,  ///< parts[0] . name
  item,       ///< parts[0] [ parts[1] ]
  slice,      ///< parts[0] [ parts[1] : parts[2] : parts[3] ]
  call,       ///< name ( parts )
  method,     ///< parts[0] . name ( the other parts )
  filter,     ///< parts[0] | name ( the other parts )
  test,       ///< parts[0] is name ( the other parts )
  negation,   ///< not parts[0]
  sign,       ///< - parts[0]
  binary,     ///< parts[0] name parts[1]: arithmetic or a comparison
  conjunction,
  disjunction,
  conditional  ///< parts[1] if parts[0] else parts[2]
};

/// An expression; its parts are numbers of other ones.
struct template_expression {
  static constexpr std::size_t absent = static_cast<std::size_t>(-1);

  template_operation what = template_operation::constant;
  std::string name;
  template_value value;
  std::vector<std::size_t> parts;
  std::vector<std::string> keywords;  ///< of the last arguments; keys of a map are parts
};

enum class template_action : std::uint8_t {
  text,
  output,
  branch,
  loop,
  set,
  set_member,  ///< of a namespace: names[0] . names[1]
  set_text,    ///< the name is what the body writes
  macro,
  body,  ///< nothing but its body
  leave,
  go_on
};

/// A statement, and those within it.
struct template_statement {
  template_action what = template_action::text;
  std::string text{};  ///< also the name of a macro
  std::vector<std::string> names{};
  std::size_t expression = template_expression::absent, condition = template_expression::absent;
  std::vector<std::size_t> defaults{};  ///< of the last parameters of a macro
  std::vector<template_statement> statements{}, otherwise{};
};

struct template_program {
  std::vector<template_expression> expressions;
  std::vector<template_statement> statements;
};

}  // namespace typeformer::detail
