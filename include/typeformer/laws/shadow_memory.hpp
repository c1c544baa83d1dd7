// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>

#include <typeformer/laws/detail/memory_watch.hpp>
#include <typeformer/laws/detail/watched_argument.hpp>
#include <typeformer/laws/shadow_report.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/memory/state_elements.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer::laws {

/// The context that computes nothing but watches the memory. Every tensor that is written gets a version in all of its
/// cells, and a read must find its version in all of them. Loops really run, so that it checks the plan on the unrolled
/// timeline.
template <class Plan> class shadow_memory {
 public:
  using use = typename Plan::use;

  shadow_report report() const {
    shadow_report r = watch_.cells.report;
    r.same_counts = buffers_ == Plan::value.buffer_count && states_ == Plan::value.state_count &&
                    operands_ == Plan::value.operand_count;
    return r;
  }

  template <class Shape, class Element = real, class... Over> ref<Shape, Element> make(Over... over) {
    watch_.make(buffers_, {over.id...});
    return {buffers_++};
  }
  template <class Shape, state_traits Can = state_traits{}> state_ref_of<use, Shape, Can> state() {
    return {states_++};
  }
  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  parameter<Kind, Rows, Columns> param(Names...) {
    return {operands_++};
  }
  walk_mark mark() const { return {operands_, states_, 0, buffers_, 0}; }
  void rewind(walk_mark to) {
    operands_ = to.operands;
    states_ = to.states;
  }
  typeformer::random_site random_site() { return ++watch_.cells.report.random_sites, typeformer::random_site{0}; }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() { return {}; }
  void enter(const char*) {}
  void enter(int) {}
  void leave() {}
  int new_loop() { return 0; }

  template <class Operation, class... Arguments> void run(Operation, Arguments... arguments) {
    watch_.run({detail::watched<Plan>(arguments)...});
  }
  template <class Observation, class Ref> void observe(Observation, Ref seen) {
    if constexpr (use::observes) watch_.observe(detail::watched<Plan>(seen));
  }

  template <class X, class Body> X loop(loop_description loop, X x0, Body body) {
    const std::size_t d = std::size_t(depth_++);
    watch_.cells.iteration[d] = loop.reverse ? loop.count - 1 : 0;
    const X x = make<typename X::shape, typename X::element>(x0);
    move(x0, x);
    const int buffers = buffers_, states = states_, operands = operands_;
    int carried = -1;
    for (index_type i = 0; i < loop.count; ++i) {
      buffers_ = buffers;
      states_ = states;
      operands_ = operands;
      watch_.cells.iteration[d] = loop.reverse ? loop.count - 1 - i : i;
      if (i > 0) watch_.cells.take_version(x.id, carried);
      const X y = body(x);
      const X next = make<typename X::shape, typename X::element>(y);
      move(y, next);
      carried = watch_.cells.version(next.id);
    }
    --depth_;
    const X result = make<typename X::shape, typename X::element>();
    watch_.cells.take_version(result.id, carried);
    return result;
  }

 private:
  template <class X> void move(X from, X to) { watch_.move(from.id, to.id, arena_for<typename X::element>); }

  detail::memory_watch watch_{Plan::value};
  int buffers_ = 0, states_ = 0, operands_ = 0, depth_ = 0;
};

/// Law: on the unrolled timeline no tensor is overwritten before its last read.
template <class Walk, class Use> shadow_report watch_memory() {
  shadow_memory<planned<Walk, Use>> memory;
  Walk::walk(memory);
  return memory.report();
}

}  // namespace typeformer::laws
