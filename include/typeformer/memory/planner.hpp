// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/solve_plan.hpp>

namespace typeformer {

/// The context that records a walk in constant evaluation and decides where every buffer, state and parameter lies.
///
/// `Use` names the capacities and what the walk is for. A broken rule of the walk (a buffer used outside its loop, a
/// fixed table that is full) stops the constant evaluation with a message.
template <class Use> class planner {
 public:
  using use = Use;

  template <class Shape, class Element = real, class... Over>
  constexpr ref<Shape, Element> make(Over... over) {
    static_assert(sizeof...(Over) <= 2);
    if (walk_.buffer_count == maximum_buffers) detail::cannot_plan("typeformer: this walk needs more than maximum_buffers buffers");
    const int id = walk_.buffer_count++;
    recorded_buffer& b = walk_.buffers[std::size_t(id)];
    b = {extent<Shape>(Use::reserved), arena_for<Element>, -1, -1, -1, depth_, stack_, stack_, {-1, -1}, id, 0, -1, -1, false, false};
    std::size_t k = 0;
    ((b.over[k++] = over.id), ...);
    return {id};
  }

  template <class Shape, class Element = real> constexpr state_ref<Shape, Element> state() {
    working_plan& layout = walk_.layout;
    if (state_ < layout.state_count) return {state_++};  // walked again: a checkpoint
    if (layout.state_count == maximum_states) detail::cannot_plan("typeformer: this walk needs more than maximum_states states");
    const int id = state_++;
    layout.state_count = state_;
    place& p = layout.states[std::size_t(id)];
    p.size = extent<Shape>(Use::reserved);
    p.depth = depth_;
    p.offset = layout.state;
    p.live = true;
    index size = p.size;
    for (int d = depth_ - 1; d >= 0; --d) {
      p.stride[std::size_t(d)] = size;
      size *= walk_.visits[std::size_t(stack_[std::size_t(d)])].count;
    }
    layout.state += size;
    return {id};
  }

  template <parameter_kind Kind, index Rows, index Columns, class... Names>
  constexpr parameter<Kind, Rows, Columns> param(Names... names) {
    working_plan& layout = walk_.layout;
    if (operand_ < layout.operand_count) return {operand_++};  // walked again: a checkpoint
    if (operand_ == maximum_operands) detail::cannot_plan("typeformer: this walk needs more than maximum_operands parameters");
    layout.operands[std::size_t(operand_)].offset = index(layout.parameters);
    (add_leaf(named_rows(names), Columns, Kind), ...);
    layout.operand_count = operand_ + 1;
    return {operand_++};
  }
  constexpr walk_mark mark() const { return {operand_, state_, 0}; }
  constexpr void rewind(walk_mark to) {
    operand_ = to.operands;
    state_ = to.states;
  }
  constexpr int random_site() { return 0; }

  constexpr void enter(const char* word) { push({word, path_part::none}); }
  constexpr void enter(int number) { push({"", number}); }
  constexpr void leave() { --path_length_; }

  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments... arguments) {
    (use_argument(arguments), ...);
    ++walk_.now;
  }
  template <class Observation, class Ref> constexpr void observe(Observation, Ref what) {
    if constexpr (Use::observes) touch(what.id), ++walk_.now;
  }

  constexpr int new_loop() { return loops_++; }

  /// Walks the body once; `body(x)` gives the value that enters the next iteration.
  template <class X, class Body> constexpr X loop(loop_description loop, X x0, Body body) {
    if (depth_ == maximum_loop_depth) detail::cannot_plan("typeformer: loops are nested deeper than maximum_loop_depth");
    if (walk_.visit_count == maximum_visits) detail::cannot_plan("typeformer: this walk has more than maximum_visits loops");
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

  constexpr working_plan solve() { return detail::plan_solver{walk_, Use::rules}.solve(); }

 private:
  constexpr void touch(int id) {
    if (id < 0) return;
    recorded_buffer& b = walk_.buffers[std::size_t(id)];
    if (b.birth < 0) b.birth = b.offered >= 0 ? b.offered : walk_.now;
    b.death = walk_.now;
    for (int d = 0; d < b.depth; ++d) {
      const int visit = stack_[std::size_t(d)];
      if (d >= depth_ || mark_of(visit) != mark_of(b.made_in[std::size_t(d)]))
        detail::cannot_plan("typeformer: a loop's buffer is used outside its loop");
      b.touched_in[std::size_t(d)] = visit;
    }
  }
  constexpr int mark_of(int visit) const { return walk_.visits[std::size_t(visit)].mark; }

  template <class Argument> constexpr void use_argument(Argument) {}
  template <class S, class E> constexpr void use_argument(ref<S, E> x) { touch(x.id); }
  template <class R> constexpr void use_argument(written<R> x) { use_argument(x.target); }
  template <class R> constexpr void use_argument(accumulated<R> x) { use_argument(x.target); }
  template <class R> constexpr void use_argument(written_if_kept<R> x) {
    walk_.buffers[std::size_t(x.target.id)].offered = walk_.now;
  }

  constexpr void push(path_part part) {
    if (path_length_ == maximum_path) detail::cannot_plan("typeformer: a parameter's path is longer than maximum_path");
    path_[std::size_t(path_length_++)] = part;
  }
  constexpr void add_leaf(named_rows name, index width, parameter_kind kind) {
    working_plan& layout = walk_.layout;
    if (layout.leaf_count == maximum_leaves) detail::cannot_plan("typeformer: this walk needs more than maximum_leaves tensors");
    leaf& l = layout.leaves[std::size_t(layout.leaf_count++)];
    l.path = path_;
    l.path_length = path_length_;
    l.name = name.name;
    l.rows = name.rows;
    l.columns = width;
    l.kind = kind;
    l.operand = operand_;
    l.offset = index(layout.parameters);
    layout.parameters += std::int64_t(name.rows) * width;
  }

  constexpr void bind(int id, int variable, index slot) {
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
    index blocks = 0;
    for (index i = 0; i < loop.count; ++i) blocks = std::max(blocks, loop.block_of(i) + 1);
    const std::size_t d = std::size_t(depth_);
    for (int i = first_operand; i < layout.operand_count; ++i) layout.operands[std::size_t(i)].stride[d] = index(block);
    for (int i = first_leaf; i < layout.leaf_count; ++i) {
      layout.leaves[std::size_t(i)].stride[d] = index(block);
      layout.leaves[std::size_t(i)].count[d] = blocks;
    }
    layout.parameters = before + block * blocks;
  }

  recording walk_{};
  std::array<path_part, maximum_path> path_{};
  std::array<int, maximum_loop_depth> stack_{};
  int path_length_ = 0, operand_ = 0, state_ = 0, loops_ = 0, depth_ = 0;
};

}  // namespace typeformer
