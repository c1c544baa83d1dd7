// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/memory/detail/recorded_parameters.hpp>
#include <typeformer/memory/detail/walk_path.hpp>
#include <typeformer/memory/recording.hpp>
#include <typeformer/memory/solve_plan.hpp>
#include <typeformer/memory/state_elements.hpp>

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
    if constexpr (Shape::width < 0) return fail(walk_problem::negative_width, Shape::width), ref<Shape, Element>{0};
    if (walk_.buffer_count == maximum_buffers)
      return fail(walk_problem::too_many_buffers, 0, maximum_buffers), ref<Shape, Element>{0};
    const int id = walk_.add_buffer(extent<Shape>(Use::reserved), arena_for<Element>, depth_, stack_);
    std::array<int, 2>& over_ids = walk_.buffers[std::size_t(id)].over;
    std::size_t k = 0;
    ((over_ids[k++] = over.id), ...);
    return {id};
  }

  template <class Shape, state_traits Can = state_traits{}> constexpr state_ref_of<Use, Shape, Can> state() {
    working_plan& layout = walk_.layout;
    if (state_ < layout.state_count) return {state_++};  // walked again: a checkpoint
    if constexpr (!Use::caches && Use::reserved.memory == 0) fail(walk_problem::state_without_memory, 0, 0, "state");
    if constexpr (Shape::width < 0)
      return fail(walk_problem::negative_width, Shape::width, 0, "state"), state_ref_of<Use, Shape, Can>{0};
    if (layout.state_count == maximum_states)
      return fail(walk_problem::too_many_states, 0, maximum_states), state_ref_of<Use, Shape, Can>{0};
    const int id = state_++;
    if (id == asked_state_) path_.give_to(path_of_asked_state_, "state");
    state_traits can = Can;
    can.reorders = Can.reorders && belongs_to_sequences(Shape::rows_are);
    walk_.add_state(state_elements<Use, Can>::template size<Shape>, can, depth_, stack_);
    return {id};
  }
  template <class Shape, class Element> constexpr state_ref_of<Use, Shape, state_traits{}> state() {
    return fail(walk_problem::state_of_elements), state_ref_of<Use, Shape, state_traits{}>{0};
  }

  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  constexpr parameter<Kind, Rows, Columns> param(Names... names) {
    working_plan& layout = walk_.layout;
    if (operand_ < layout.operand_count) return {operand_++};  // walked again: a checkpoint
    if (operand_ == maximum_operands)
      return fail(walk_problem::too_many_parameters, 0, maximum_operands), parameter<Kind, Rows, Columns>{0};
    detail::check_parameter(Kind, Rows, Columns, std::array<named_rows, sizeof...(Names)>{named_rows(names)...},
                            [this](walk_problem what, index_type got, index_type expected, const char* name) {
                              fail(what, got, expected, name);
                            });
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
    if (!detail::has_elements<I>) fail(walk_problem::input_without_elements);
    else if (layout.input_count == maximum_inputs) fail(walk_problem::too_many_inputs, 0, maximum_inputs);
    else layout.inputs[std::size_t(layout.input_count++)] = {I::name, RowsAre, detail::own_kind_of<I>()};
    return {};
  }
  template <NoInput I, axis...> constexpr nothing input() { return fail(walk_problem::type_is_no_input), nothing{}; }

  constexpr void enter(const char* word) { push({word, path_part::none}); }
  constexpr void enter(int number) { push({"", number}); }
  constexpr void leave() {
    if (path_.is_empty()) return fail(walk_problem::leave_without_enter);
    path_.leave();
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
    const detail::parameter_mark before{operand_, walk_.layout.leaf_count, walk_.layout.parameters};
    const int known = walk_.layout.operand_count;
    stack_[std::size_t(depth_++)] = visit;
    push({"", path_part::of_loop});

    const X x = make<typename X::shape, typename X::element>(x0);
    walk_.buffers[std::size_t(x.id)].loop_variable = true;
    run(0, x0, out(x));  // x(0) = x0
    v.begin = walk_.now;
    const X y = body(x);
    const X next = make<typename X::shape, typename X::element>(y);
    run(0, y, out(next));  // x(i + 1) = y(i)
    walk_.bind(next.id, x.id, 1);

    leave();
    --depth_;
    v.end = walk_.now++;
    if (Use::rules.outer_buffers_live_through_loops) walk_.keep_outer_buffers(v, depth_);
    if (walk_.layout.operand_count > known) detail::spread_parameters(walk_.layout, loop, depth_, before);
    const X result = make<typename X::shape, typename X::element>();
    walk_.bind(result.id, x.id, loop.count);
    return result;
  }

  /// For error messages: after the walk, `path_of_state()` is the path of state `id`.
  constexpr void record_path_of_state(int id) { asked_state_ = id; }
  constexpr const leaf& path_of_state() const { return path_of_asked_state_; }

  constexpr working_plan solve() {
    if (!path_.is_empty()) fail(walk_problem::enter_without_leave);
    if (walk_.layout.fault.what != walk_problem::none) return walk_.layout;
    return detail::plan_solver{walk_, Use::rules}.solve();
  }

 private:
  constexpr void fail(walk_problem what, index_type got = 0, index_type expected = 0, const char* name = "") {
    walk_fault& fault = walk_.layout.fault;
    if (fault.what != walk_problem::none) return;
    fault.what = what;
    path_.give_to(fault.where, name);
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
    if (!path_.enter(part)) fail(walk_problem::path_too_long, 0, maximum_path);
  }
  constexpr void add_leaf(named_rows name, index_type width, parameter_kind kind) {
    working_plan& layout = walk_.layout;
    if (layout.leaf_count == maximum_leaves) return fail(walk_problem::too_many_tensors, 0, maximum_leaves);
    detail::add_leaf(layout, path_, name, width, kind, operand_);
  }

  recording walk_{};
  detail::walk_path path_{};
  visit_stack stack_{};
  int operand_ = 0, state_ = 0, loops_ = 0, depth_ = 0, asked_state_ = -1;
  leaf path_of_asked_state_{};
};

}  // namespace typeformer
