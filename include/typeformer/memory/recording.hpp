// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/memory/plan.hpp>

namespace typeformer {

inline constexpr int maximum_buffers = 512, maximum_states = 48, maximum_operands = 192, maximum_leaves = 256,
                     maximum_visits = 24;

/// What a walk can do that no plan allows.
enum class walk_problem {
  none,
  too_many_buffers,
  too_many_states,
  too_many_parameters,
  too_many_tensors,
  too_many_loops,
  too_many_inputs,
  loops_too_deep,
  loop_without_iterations,
  path_too_long,
  enter_without_leave,
  leave_without_enter,
  buffer_outside_its_loop,
  state_without_memory,  ///< a state in a use that has no state
  negative_width,        ///< a buffer or state with `got` columns
  parameter_without_name,
  parameter_without_rows,  ///< `got` rows of `expected` columns
  parts_do_not_add_up,     ///< the parts have `got` rows, the parameter `expected`
  vector_with_columns,     ///< `got` columns
  type_is_no_input,        ///< `input<I>()` of something else, or of an input without name
  input_without_elements,  ///< no column, or ids of an empty table
  state_of_elements        ///< `state<Shape, Element>()`, as if it were a buffer
};

/// The first violation of a walk, its place and its numbers. For limits, `expected` is the maximum.
struct walk_fault {
  walk_problem what = walk_problem::none;
  leaf where{};
  index_type got = 0, expected = 0;
};

struct working_plan : plan<maximum_buffers, maximum_states, maximum_operands, maximum_leaves> {
  walk_fault fault{};
};

/// What the recording knows about one buffer. Times count operations. A loop's body is recorded once.
///
/// Without default member initializers: g++ 12 silently drops them from arrays in constant evaluation.
struct recorded_buffer {
  index_type size;
  arena_of arena;
  int birth, death;                                ///< first and last operation that uses it, -1: none
  int offered;                                     ///< the operation that writes it if it is read later, -1: none
  int depth;                                       ///< loops around it
  std::array<int, maximum_loop_depth> made_in;     ///< the visit of each loop in which it was made
  std::array<int, maximum_loop_depth> touched_in;  ///< the latest visit of each loop in which it was used
  std::array<int, 2> over;                         ///< the buffers whose places it may reuse, -1: none
  int parent;  ///< it shares the place of its parent, `slot` iterations later; itself: it owns its place
  index_type slot;
  int next_member, last_member;  ///< of its group
  bool loop_variable;            ///< x(i), the value that enters iteration i
  bool bound;                    ///< x(i + 1) or the loop's result: its place depends on x
};

struct recorded_visit {
  int mark = 0;
  index_type count = 0;
  int begin = 0, end = 0;
};

/// The visits of the loops around something, the outermost first.
using visit_stack = std::array<int, maximum_loop_depth>;

/// All that a walk told: input of `solve_plan`.
struct recording {
  std::array<recorded_buffer, maximum_buffers> buffers{};
  std::array<recorded_visit, maximum_visits> visits{};
  working_plan layout{};
  int buffer_count = 0, visit_count = 0, now = 0;

  /// A buffer that nobody has touched, in `depth` loops. Precondition: there is room.
  constexpr int add_buffer(index_type size, arena_of arena, int depth, const visit_stack& stack) {
    const int id = buffer_count++;
    buffers[std::size_t(id)] = {size, arena, -1, -1, -1, depth, stack, stack, {-1, -1}, id, 0, -1, -1, false, false};
    return id;
  }
  /// A place for a state after the last one, in every iteration of the loops around it. Precondition: there is room.
  constexpr void add_state(index_type size, state_traits can, int depth, const visit_stack& stack) {
    state_place& p = layout.states[std::size_t(layout.state_count++)];
    p.can = can;
    p.size = size;
    p.depth = depth;
    p.offset = layout.state;
    p.live = true;
    for (int d = depth - 1; d >= 0; --d) {
      p.stride[std::size_t(d)] = size;
      size *= visits[std::size_t(stack[std::size_t(d)])].count;
    }
    layout.state += size;
  }

  /// Buffer `id` lies where the loop variable does, `slot` iterations later.
  constexpr void bind(int id, int variable, index_type slot) {
    recorded_buffer& b = buffers[std::size_t(id)];
    b.parent = variable;
    b.slot = slot;
    b.bound = true;
  }
  /// What a loop in `depth` others has touched from outside lives through it.
  constexpr void keep_outer_buffers(const recorded_visit& loop, int depth) {
    for (int id = 0; id < buffer_count; ++id) {
      recorded_buffer& b = buffers[std::size_t(id)];
      if (b.depth > depth || b.death < loop.begin) continue;
      b.death = loop.end;
      b.birth = b.birth < loop.begin ? b.birth : loop.begin;
    }
  }

  /// Slots, one an iteration: a later visit of loop `d` reads what an earlier one wrote.
  constexpr bool keeps_slots(int id, int d) const {
    const recorded_buffer& b = buffers[std::size_t(id)];
    return d < b.depth && b.touched_in[std::size_t(d)] != b.made_in[std::size_t(d)];
  }
  constexpr int group_of(int id) const {
    while (buffers[std::size_t(id)].parent != id) id = buffers[std::size_t(id)].parent;
    return id;
  }
};

}  // namespace typeformer
