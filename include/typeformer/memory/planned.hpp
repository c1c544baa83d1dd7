// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/memory/planner.hpp>
#include <typeformer/memory/use.hpp>

namespace typeformer {

namespace detail {

template <std::size_t N, class T, std::size_t Capacity>
constexpr void copy_first(std::array<T, N>& to, const std::array<T, Capacity>& from) {
  for (std::size_t i = 0; i < N; ++i) to[i] = from[i];
}

/// The walk's plan at full table size, an intermediate of constant evaluation.
template <class Walk, class Use>
inline constexpr working_plan solved = [] {
  planner<Use> p;
  Walk::walk(p);
  return p.solve();
}();

}  // namespace detail

/// The plan of `Walk::walk(context)` for a use, computed by the compiler: addresses, names of parameters, and sizes.
template <class Walk, class Use> struct planned {
  using use = Use;
  using constant = planned;  ///< where a plan can be replaced at run time, the one of the type

 private:
  static constexpr const working_plan& full = detail::solved<Walk, Use>;
  static_assert(full.fault.what == walk_problem::none, "this walk cannot be planned: see its fault");
  static constexpr std::size_t at_least_one(int n) { return n > 0 ? std::size_t(n) : 1; }

 public:
  using table = plan<int(at_least_one(full.buffer_count)), int(at_least_one(full.state_count)),
                     int(at_least_one(full.operand_count)), int(at_least_one(full.leaf_count)),
                     int(at_least_one(full.input_count))>;

  static constexpr table value = [] {
    table t;
    detail::copy_first(t.buffers, full.buffers);
    detail::copy_first(t.states, full.states);
    detail::copy_first(t.operands, full.operands);
    detail::copy_first(t.leaves, full.leaves);
    detail::copy_first(t.inputs, full.inputs);
    t.input_count = full.input_count;
    t.buffer_count = full.buffer_count;
    t.state_count = full.state_count;
    t.operand_count = full.operand_count;
    t.leaf_count = full.leaf_count;
    t.arena = full.arena;
    t.state = full.state;
    t.parameters = full.parameters;
    t.live_bound = full.live_bound;
    t.merged = full.merged;
    return t;
  }();

  // What a running program looks up. Each is a constant of its own, so that names stay out of a program that reads none.
  static constexpr auto buffers = value.buffers;
  static constexpr auto states = [] {
    std::array<place, at_least_one(full.state_count)> kept{};
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = value.states[i];
    return kept;
  }();
  static constexpr auto operands = value.operands;
};

namespace detail {
template <class Plan> constexpr std::size_t count_own_inputs(bool of_source) {
  std::size_t count = 0;
  for (int i = 0; i < Plan::value.input_count; ++i) {
    const planned_input& input = Plan::value.inputs[std::size_t(i)];
    count += input.own && (input.rows_are == axis::source) == of_source;
  }
  return count;
}
}  // namespace detail

/// The inputs of the user's own that a plan reads, for the tokens and sequences of a batch or for those of its source.
template <class Plan, bool OfSource = false>
inline constexpr auto own_inputs = [] {
  std::array<const own_input_kind*, detail::count_own_inputs<Plan>(OfSource)> found{};
  std::size_t n = 0;
  for (int i = 0; i < Plan::value.input_count; ++i) {
    const planned_input& input = Plan::value.inputs[std::size_t(i)];
    if (input.own && (input.rows_are == axis::source) == OfSource) found[n++] = input.own;
  }
  return found;
}();

}  // namespace typeformer
