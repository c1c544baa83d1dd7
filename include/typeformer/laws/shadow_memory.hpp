// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <map>
#include <vector>

#include <typeformer/laws/detail/argument_roles.hpp>
#include <typeformer/laws/detail/versioned_cells.hpp>
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
    shadow_report r = cells_.report;
    r.same_counts = buffers_ == Plan::value.buffer_count && states_ == Plan::value.state_count &&
                    operands_ == Plan::value.operand_count;
    return r;
  }

  template <class Shape, class Element = real, class... Over> ref<Shape, Element> make(Over... over) {
    offered_[buffers_] = {over.id...};
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
  typeformer::random_site random_site() { return ++cells_.report.random_sites, typeformer::random_site{0}; }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() { return {}; }
  void enter(const char*) {}
  void enter(int) {}
  void leave() {}
  int new_loop() { return 0; }

  template <class Operation, class... Arguments> void run(Operation, Arguments... arguments) {
    (before(arguments), ...);
    const std::vector<int> reads = {detail::read_by(arguments)...};
    const std::vector<int> writes = {live_or_none(detail::written_by(arguments))...};
    const std::vector<arena_of> where = {detail::arena_by(arguments)...};
    for (std::size_t mine = 0; mine < writes.size(); ++mine) check_clashes(writes[mine], mine, reads, writes, where);
    (after(arguments), ...);
  }
  template <class Observation, class Ref> void observe(Observation, Ref seen) {
    if constexpr (use::observes) {
      before(seen);
      written_to(seen);  // an observer may change what it sees
    }
  }

  template <class X, class Body> X loop(loop_description loop, X x0, Body body) {
    const std::size_t d = std::size_t(depth_++);
    cells_.iteration[d] = loop.reverse ? loop.count - 1 : 0;
    const X x = make<typename X::shape, typename X::element>(x0);
    move(x0, x);
    const int buffers = buffers_, states = states_, operands = operands_;
    int carried = -1;
    for (index_type i = 0; i < loop.count; ++i) {
      buffers_ = buffers;
      states_ = states;
      operands_ = operands;
      cells_.iteration[d] = loop.reverse ? loop.count - 1 - i : i;
      if (i > 0) cells_.take_version(x.id, carried);
      const X y = body(x);
      const X next = make<typename X::shape, typename X::element>(y);
      move(y, next);
      carried = cells_.version(next.id);
    }
    --depth_;
    const X result = make<typename X::shape, typename X::element>();
    cells_.take_version(result.id, carried);
    return result;
  }

 private:
  static int live_or_none(int id) { return id >= 0 && detail::versioned_cells<Plan>::is_live(id) ? id : -1; }
  template <class S, class E> void before(ref<S, E> x) { cells_.read(x.id, arena_for<E>); }
  template <class I, axis RowsAre> void before(input_ref<I, RowsAre>) {
    cells_.report.unplanned_inputs += !Plan::value.template reads<I>(RowsAre);
  }
  template <class R> void before(accumulated<R> x) { before(x.target); }
  template <class S, class E> void before(state_ref<S, E> x) { cells_.touch_state(x.id); }
  template <class Other> void before(Other) {}

  template <class S, class E> void written_to(ref<S, E> x) { cells_.write(x.id, arena_for<E>); }
  template <class S, class E> void written_to(state_ref<S, E> x) { cells_.touch_state(x.id); }
  template <class R> void after(written<R> x) { written_to(x.target); }
  template <class R> void after(accumulated<R> x) { written_to(x.target); }
  template <class R> void after(written_if_kept<R> x) {
    if (cells_.is_live(x.target.id)) written_to(x.target);
  }
  template <class Other> void after(Other) {}

  /// Argument `mine` writes buffer `id`. The others of the operation are in `reads` and `writes`, -1 if they are none.
  void check_clashes(int id, std::size_t mine, const std::vector<int>& reads, const std::vector<int>& writes,
                     const std::vector<arena_of>& where) {
    if (id < 0) return;
    for (std::size_t other = 0; other < where.size(); ++other) {
      if (where[other] != where[mine]) continue;
      if (reads[other] >= 0 && reads[other] != id && cells_.overlap(id, reads[other])) {
        const std::vector<int>& offered = offered_[id];
        const bool same = cells_.address(id) == cells_.address(reads[other]);
        const bool was_offered = std::find(offered.begin(), offered.end(), reads[other]) != offered.end();
        cells_.report.clashes += !(same && was_offered);
      }
      if (other > mine && writes[other] >= 0)
        cells_.report.clashes += writes[other] == id || cells_.overlap(id, writes[other]);
    }
  }

  template <class X> void move(X from, X to) {
    before(from);
    if (cells_.address(from.id) == cells_.address(to.id)) {
      cells_.take_version(to.id, cells_.version(from.id));
    } else {
      cells_.report.clashes += cells_.overlap(from.id, to.id);
      written_to(to);
    }
  }

  std::map<int, std::vector<int>> offered_;
  detail::versioned_cells<Plan> cells_;
  int buffers_ = 0, states_ = 0, operands_ = 0, depth_ = 0;
};

/// Law: on the unrolled timeline no tensor is overwritten before its last read.
template <class Walk, class Use> shadow_report watch_memory() {
  shadow_memory<planned<Walk, Use>> memory;
  Walk::walk(memory);
  return memory.report();
}

}  // namespace typeformer::laws
