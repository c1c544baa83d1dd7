// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <typeformer/memory/solve_plan.hpp>

namespace typeformer {

/// The context that records a walk in constant evaluation and decides where every buffer, state and parameter lies.
///
/// `Use` gives the purpose of the walk and its capacities. If the walk breaks a rule (a buffer is used outside its
/// loop, a fixed table is full), the plan holds the first violation as its `fault` and is otherwise unusable.
template <class Use> class planner {
 public:
  using use = Use;

  constexpr planner() = default;
  planner(const planner&) = delete;  // a walk that takes it by value would record in a copy
  planner& operator=(const planner&) = delete;

  template <class Shape, class Element = real, class... Over>
    requires(sizeof...(Over) <= 2)
  constexpr ref<Shape, Element> make(Over... over) {
    if (walk_.buffer_count == maximum_buffers)
      return fail(walk_problem::too_many_buffers, 0, maximum_buffers), ref<Shape, Element>{0};
    const int id = walk_.buffer_count++;
    recorded_buffer& b = walk_.buffers[std::size_t(id)];
    b = {extent<Shape>(Use::reserved),
         arena_for<Element>,
         -1,
         -1,
         -1,
         depth_,
         stack_,
         stack_,
         {-1, -1},
         id,
         0,
         -1,
         -1,
         false,
         false};
    std::size_t k = 0;
    ((b.over[k++] = over.id), ...);
    return {id};
  }

  template <class Shape, state_traits Can = state_traits{}> constexpr state_ref<Shape> state() {
    working_plan& layout = walk_.layout;
    if (state_ < layout.state_count) return {state_++};  // walked again: a checkpoint
    if constexpr (!Use::remembers && Use::reserved.memory == 0) fail(walk_problem::state_without_memory, 0, 0, "state");
    if (layout.state_count == maximum_states)
      return fail(walk_problem::too_many_states, 0, maximum_states), state_ref<Shape>{0};
    const int id = state_++;
    layout.state_count = state_;
    if (id == asked_state_) set_path(path_of_asked_state_, "state");
    state_place& p = layout.states[std::size_t(id)];
    p.can = Can;
    p.can.reorders = Can.reorders && belongs_to_sequences(Shape::rows_are);
    p.size = extent<Shape>(Use::reserved);
    p.depth = depth_;
    p.offset = layout.state;
    p.live = true;
    index_type size = p.size;
    for (int d = depth_ - 1; d >= 0; --d) {
      p.stride[std::size_t(d)] = size;
      size *= walk_.visits[std::size_t(stack_[std::size_t(d)])].count;
    }
    layout.state += size;
    return {id};
  }

  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  constexpr parameter<Kind, Rows, Columns> param(Names... names) {
    working_plan& layout = walk_.layout;
    if (operand_ < layout.operand_count) return {operand_++};  // walked again: a checkpoint
    if (operand_ == maximum_operands)
      return fail(walk_problem::too_many_parameters, 0, maximum_operands), parameter<Kind, Rows, Columns>{0};
    check_parameter(Kind, Rows, Columns, std::array<named_rows, sizeof...(Names)>{named_rows(names)...});
    layout.operands[std::size_t(operand_)].offset = index_type(layout.parameters);
    (add_leaf(named_rows(names), Columns, Kind), ...);
    layout.operand_count = operand_ + 1;
    return {operand_++};
  }
  constexpr walk_mark mark() const { return {operand_, state_, 0, walk_.buffer_count, loops_}; }
  constexpr void rewind(walk_mark to) {
    operand_ = to.operands;
    state_ = to.states;
  }
  constexpr typeformer::random_site random_site() { return {0}; }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() {
    working_plan& layout = walk_.layout;
    if (layout.template reads<I>(RowsAre)) return {};
    if (layout.input_count == maximum_inputs)
      return fail(walk_problem::too_many_inputs, 0, maximum_inputs), input_ref<I, RowsAre>{};
    layout.inputs[std::size_t(layout.input_count++)] = {I::name, RowsAre};
    return {};
  }

  constexpr void enter(const char* word) { push({word, path_part::none}); }
  constexpr void enter(int number) { push({"", number}); }
  constexpr void leave() {
    if (path_length_ == 0) return fail(walk_problem::leave_without_enter);
    --path_length_;
  }

  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments... arguments) {
    (use_argument(arguments), ...);
    ++walk_.now;
  }
  template <class Observation, class Ref> constexpr void observe(Observation, Ref what) {
    if constexpr (Use::observes) touch(what.id), ++walk_.now;
  }

  constexpr int new_loop() { return loops_++; }

  /// Walks the body once. `body(x)` returns the value that enters the next iteration.
  template <class X, class Body> constexpr X loop(loop_description loop, X x0, Body body) {
    if (depth_ == maximum_loop_depth) return fail(walk_problem::loops_too_deep, 0, maximum_loop_depth), x0;
    if (walk_.visit_count == maximum_visits) return fail(walk_problem::too_many_loops, 0, maximum_visits), x0;
    if (loop.count <= 0) return fail(walk_problem::loop_without_iterations), x0;
    const int visit = walk_.visit_count++;
    recorded_visit& v = walk_.visits[std::size_t(visit)];
    v = {loop.mark, loop.count, 0, 0};
    const int first_operand = operand_, known = walk_.layout.operand_count, known_leaves = walk_.layout.leaf_count;
    const std::int64_t before = walk_.layout.parameters;
    stack_[std::size_t(depth_++)] = visit;
    push({"", path_part::of_loop});

    const X x = make<typename X::shape, typename X::element>(x0);
    walk_.buffers[std::size_t(x.id)].loop_variable = true;
    run(0, x0, out(x));  // x(0) = x0
    v.begin = walk_.now;
    const X y = body(x);
    const X next = make<typename X::shape, typename X::element>(y);
    run(0, y, out(next));  // x(i + 1) = y(i)
    bind(next.id, x.id, 1);

    leave();
    --depth_;
    v.end = walk_.now++;
    if (Use::rules.outer_buffers_live_through_loops) keep_outer_buffers(v);
    if (walk_.layout.operand_count > known) spread_parameters(loop, first_operand, known_leaves, before);
    const X result = make<typename X::shape, typename X::element>();
    bind(result.id, x.id, loop.count);
    return result;
  }

  /// For error messages: after the walk, `path_of_state()` is the path of state `id`.
  constexpr void remember_path_of_state(int id) { asked_state_ = id; }
  constexpr const leaf& path_of_state() const { return path_of_asked_state_; }

  constexpr working_plan solve() {
    if (path_length_ > 0) fail(walk_problem::enter_without_leave);
    if (walk_.layout.fault.what != walk_problem::none) return walk_.layout;
    return detail::plan_solver{walk_, Use::rules}.solve();
  }

 private:
  constexpr void fail(walk_problem what, index_type got = 0, index_type expected = 0, const char* name = "") {
    walk_fault& fault = walk_.layout.fault;
    if (fault.what != walk_problem::none) return;
    fault.what = what;
    set_path(fault.where, name);
    fault.got = got;
    fault.expected = expected;
  }
  /// False if the table was full and the walk uses a buffer that is beyond it.
  constexpr bool is_recorded(int id) const { return id >= 0 && id < walk_.buffer_count; }
  constexpr void touch(int id) {
    if (!is_recorded(id)) return;
    recorded_buffer& b = walk_.buffers[std::size_t(id)];
    if (b.birth < 0) b.birth = b.offered >= 0 ? b.offered : walk_.now;
    b.death = walk_.now;
    for (int d = 0; d < b.depth; ++d) {
      const int visit = stack_[std::size_t(d)];
      if (d >= depth_ || mark_of(visit) != mark_of(b.made_in[std::size_t(d)]))
        return fail(walk_problem::buffer_outside_its_loop);
      b.touched_in[std::size_t(d)] = visit;
    }
  }
  constexpr int mark_of(int visit) const { return walk_.visits[std::size_t(visit)].mark; }

  template <class Argument> constexpr void use_argument(Argument) {}
  template <class S, class E> constexpr void use_argument(ref<S, E> x) { touch(x.id); }
  template <class R> constexpr void use_argument(written<R> x) { use_argument(x.target); }
  template <class R> constexpr void use_argument(accumulated<R> x) { use_argument(x.target); }
  template <class R> constexpr void use_argument(written_if_kept<R> x) {
    if (is_recorded(x.target.id)) walk_.buffers[std::size_t(x.target.id)].offered = walk_.now;
  }

  constexpr void push(path_part part) {
    if (path_length_ == maximum_path) return fail(walk_problem::path_too_long, 0, maximum_path);
    path_[std::size_t(path_length_++)] = part;
  }
  constexpr void set_path(leaf& l, const char* name) const {
    l.path = path_;
    l.path_length = path_length_;
    l.name = name;
  }
  /// The parts must cover the whole parameter. Rows without a part would have no place in memory.
  template <std::size_t Parts>
  constexpr void check_parameter(parameter_kind kind, index_type rows, index_type columns,
                                 const std::array<named_rows, Parts>& parts) {
    if (Parts == 0) return fail(walk_problem::parameter_without_name);
    index_type sum = 0;
    for (const named_rows& part : parts) {
      if (!part.name || !*part.name) return fail(walk_problem::parameter_without_name);
      if (part.rows <= 0 || columns <= 0)
        return fail(walk_problem::parameter_without_rows, part.rows, columns, part.name);
      sum += part.rows;
    }
    if (sum != rows) return fail(walk_problem::parts_do_not_add_up, sum, rows, parts[0].name);
    if (kind == parameter_kind::vector && columns != 1)
      return fail(walk_problem::vector_with_columns, columns, 1, parts[0].name);
  }
  constexpr void add_leaf(named_rows name, index_type width, parameter_kind kind) {
    working_plan& layout = walk_.layout;
    if (layout.leaf_count == maximum_leaves) return fail(walk_problem::too_many_tensors, 0, maximum_leaves);
    leaf& l = layout.leaves[std::size_t(layout.leaf_count++)];
    set_path(l, name.name);
    l.rows = name.rows;
    l.columns = width;
    l.kind = kind;
    l.operand = operand_;
    l.offset = index_type(layout.parameters);
    layout.parameters += std::int64_t(name.rows) * width;
  }

  constexpr void bind(int id, int variable, index_type slot) {
    recorded_buffer& b = walk_.buffers[std::size_t(id)];
    b.parent = variable;
    b.slot = slot;
    b.bound = true;
  }
  constexpr void keep_outer_buffers(const recorded_visit& v) {
    for (int id = 0; id < walk_.buffer_count; ++id) {
      recorded_buffer& b = walk_.buffers[std::size_t(id)];
      if (b.depth > depth_ || b.death < v.begin) continue;
      b.death = v.end;
      b.birth = b.birth < v.begin ? b.birth : v.begin;
    }
  }
  constexpr void spread_parameters(loop_description loop, int first_operand, int first_leaf, std::int64_t before) {
    working_plan& layout = walk_.layout;
    const std::int64_t block = layout.parameters - before;
    index_type blocks = 0;
    for (index_type i = 0; i < loop.count; ++i) blocks = (std::max)(blocks, loop.block_of(i) + 1);
    const std::size_t d = std::size_t(depth_);
    for (int i = first_operand; i < layout.operand_count; ++i)
      layout.operands[std::size_t(i)].stride[d] = index_type(block);
    for (int i = first_leaf; i < layout.leaf_count; ++i) {
      layout.leaves[std::size_t(i)].stride[d] = index_type(block);
      layout.leaves[std::size_t(i)].count[d] = blocks;
    }
    layout.parameters = before + block * blocks;
  }

  recording walk_{};
  std::array<path_part, maximum_path> path_{};
  std::array<int, maximum_loop_depth> stack_{};
  int path_length_ = 0, operand_ = 0, state_ = 0, loops_ = 0, depth_ = 0, asked_state_ = -1;
  leaf path_of_asked_state_{};
};

}  // namespace typeformer
