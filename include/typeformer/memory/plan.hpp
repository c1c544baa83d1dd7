// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/own_inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

inline constexpr int maximum_loop_depth = 3;

/// The scalar types that have separate arenas. An arena is never read as another type.
enum class arena_of { real, int32, int8 };
inline constexpr int arena_count = 3;

template <class Element> inline constexpr arena_of arena_for = arena_of::real;
template <> inline constexpr arena_of arena_for<std::int32_t> = arena_of::int32;
template <> inline constexpr arena_of arena_for<std::int8_t> = arena_of::int8;

/// The place of a buffer: address = arena + offset + sum over loops of iteration * stride.
struct place {
  index_type offset = 0, size = 0;
  std::array<index_type, maximum_loop_depth> stride{};
  int depth = 0;
  bool live = false;  ///< false: nothing reads it, so it has no memory
};

/// The place of a state, and what can be done with it.
struct state_place : place {
  state_traits can{};
};

/// One part of a tensor's path: a word, a position in a sequential, or the block index of a loop.
struct path_part {
  static constexpr int of_loop = -1, none = -2;
  const char* word = "";
  int number = none;  ///< used instead of a word: a fixed number, or the index of the enclosing loop

  constexpr bool is_word() const { return number == none; }
};

inline constexpr int maximum_path = 12;

/// One tensor of the canonical parameter array, for all blocks of the loops around it.
struct leaf {
  std::array<path_part, maximum_path> path{};
  int path_length = 0;
  bool starts_at_zero = false;  ///< see `named_rows`
  const char* name = "";
  index_type rows = 0, columns = 0;
  parameter_kind kind = parameter_kind::vector;
  int operand = 0;                                      ///< the parameter it is a part of
  index_type offset = 0;                                ///< in elements, of block 0
  std::array<index_type, maximum_loop_depth> stride{};  ///< in elements, from block to block
  std::array<index_type, maximum_loop_depth> count{};   ///< blocks of the loop; 0: not in such a loop
};

/// A parameter as a kernel sees it: one or more consecutive leaves.
struct operand {
  index_type offset = 0;
  std::array<index_type, maximum_loop_depth> stride{};
};

/// An input that a walk reads, identified by its name and kind.
struct planned_input {
  const char* name = "";
  axis rows_are = axis::token;
  const own_input_kind* own = nullptr;  ///< null: one of the library's
};
inline constexpr int maximum_inputs = 16;

/// The result of planning: addresses, parameter layout, sizes and the inputs that are read. A flat table, indexed by
/// id.
template <int Buffers, int States, int Operands, int Leaves, int Inputs = maximum_inputs> struct plan {
  std::array<place, Buffers> buffers{};
  std::array<state_place, States> states{};
  std::array<operand, Operands> operands{};
  std::array<leaf, Leaves> leaves{};
  std::array<planned_input, Inputs> inputs{};
  int input_count = 0, buffer_count = 0, state_count = 0, operand_count = 0, leaf_count = 0;
  std::array<index_type, arena_count> arena{};  ///< elements of each arena
  index_type state = 0;                         ///< elements of all state
  std::int64_t parameters = 0;
  index_type live_bound = 0;  ///< a lower bound of the real arena: the most elements that are live at once
  int merged = 0;             ///< buffers that reuse the place of another

  /// Whether the walk reads this input.
  template <Input I> constexpr bool reads(axis rows_are = I::rows_are) const {
    for (int i = 0; i < input_count; ++i)
      if (const planned_input& one = inputs[std::size_t(i)];
          one.rows_are == rows_are && one.own == detail::own_kind_of<I>() && std::string_view(one.name) == I::name)
        return true;
    return false;
  }
};

namespace detail {
/// Where a state ends: it has [iterations of its loops][size], and the next one follows it.
template <class Table> constexpr index_type end_of_state(const Table& plan, int id) {
  return id + 1 < plan.state_count ? plan.states[std::size_t(id) + 1].offset : plan.state;
}
}  // namespace detail

}  // namespace typeformer
