// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <typeformer/memory/detail/walk_path.hpp>
#include <typeformer/memory/recording.hpp>

namespace typeformer::detail {

/// Calls `fail(problem, got, expected, name)` unless the parts of a parameter are all of it: what they do not name would
/// have no place in memory.
template <std::size_t Parts, class Fail>
constexpr void check_parameter(parameter_kind kind, index_type rows, index_type columns,
                               const std::array<named_rows, Parts>& parts, const Fail& fail) {
  if (Parts == 0) return fail(walk_problem::parameter_without_name, 0, 0, "");
  index_type sum = 0;
  for (const named_rows& part : parts) {
    if (!part.name || !*part.name) return fail(walk_problem::parameter_without_name, 0, 0, "");
    if (part.rows <= 0 || columns <= 0)
      return fail(walk_problem::parameter_without_rows, part.rows, columns, part.name);
    sum += part.rows;
  }
  if (sum != rows) return fail(walk_problem::parts_do_not_add_up, sum, rows, parts[0].name);
  if (kind == parameter_kind::vector && columns != 1)
    fail(walk_problem::vector_with_columns, columns, 1, parts[0].name);
}

/// A part of parameter `operand` after the last one. Precondition: there is room.
constexpr void add_leaf(working_plan& layout, const walk_path& path, named_rows name, index_type columns,
                        parameter_kind kind, int operand) {
  leaf& l = layout.leaves[std::size_t(layout.leaf_count++)];
  path.give_to(l, name.name);
  l.rows = name.rows;
  l.columns = columns;
  l.kind = kind;
  l.starts_at_zero = name.starts_at_zero;
  l.operand = operand;
  l.offset = index_type(layout.parameters);
  layout.parameters += std::int64_t(name.rows) * columns;
}

/// How many parameters, parts and elements a plan has.
struct parameter_mark {
  int operands, leaves;
  std::int64_t elements;
};

/// Gives every block of a loop in `depth` others its own copy of the parameters since `first`.
constexpr void spread_parameters(working_plan& layout, loop_description loop, int depth, parameter_mark first) {
  const std::int64_t block = layout.parameters - first.elements;
  index_type blocks = 0;
  for (index_type i = 0; i < loop.count; ++i) blocks = (std::max)(blocks, loop.block_of(i) + 1);
  const std::size_t d = std::size_t(depth);
  for (int i = first.operands; i < layout.operand_count; ++i)
    layout.operands[std::size_t(i)].stride[d] = index_type(block);
  for (int i = first.leaves; i < layout.leaf_count; ++i) {
    layout.leaves[std::size_t(i)].stride[d] = index_type(block);
    layout.leaves[std::size_t(i)].count[d] = blocks;
  }
  layout.parameters = first.elements + block * blocks;
}

}  // namespace typeformer::detail
