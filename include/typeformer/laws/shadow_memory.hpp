// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <vector>

#include <typeformer/laws/detail/argument_roles.hpp>
#include <typeformer/laws/shadow_report.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer::laws {

/// The context that computes nothing but watches the memory: every tensor written gets a version, in every cell of its
/// place; a read must find its version in all of them. Loops really run, so that it judges the plan on the unrolled
/// timeline.
template <class Plan> class shadow_memory {
 public:
  using use = typename Plan::use;

  shadow_memory() {
    for (std::size_t a = 0; a < cells_.size(); ++a) cells_[a].assign(std::size_t(Plan::value.arena[a]), -1);
    state_cells_.resize(std::size_t(Plan::value.state));
  }

  shadow_report report() const {
    shadow_report r = report_;
    r.same_counts = buffers_ == Plan::value.buffer_count && states_ == Plan::value.state_count &&
                    operands_ == Plan::value.operand_count;
    return r;
  }

  template <class Shape, class Element = real, class... Over> ref<Shape, Element> make(Over... over) {
    offered_[buffers_] = {over.id...};
    return {buffers_++};
  }
  template <class Shape, state_traits = state_traits{}> state_ref<Shape> state() { return {states_++}; }
  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  parameter<Kind, Rows, Columns> param(Names...) {
    return {operands_++};
  }
  walk_mark mark() const { return {operands_, states_, 0, buffers_, 0}; }
  void rewind(walk_mark to) {
    operands_ = to.operands;
    states_ = to.states;
  }
  typeformer::random_site random_site() { return ++report_.random_sites, typeformer::random_site{0}; }
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
    if constexpr (use::observes) before(seen);
  }

  template <class X, class Body> X loop(loop_description loop, X x0, Body body) {
    const std::size_t d = std::size_t(depth_++);
    iteration_[d] = loop.reverse ? loop.count - 1 : 0;
    const X x = make<typename X::shape, typename X::element>(x0);
    move(x0, x);
    const int buffers = buffers_, states = states_, operands = operands_;
    int carried = -1;
    for (index_type i = 0; i < loop.count; ++i) {
      buffers_ = buffers;
      states_ = states;
      operands_ = operands;
      iteration_[d] = loop.reverse ? loop.count - 1 - i : i;
      if (i > 0) version_[key(x.id)] = carried;
      const X y = body(x);
      const X next = make<typename X::shape, typename X::element>(y);
      move(y, next);
      carried = version_[key(next.id)];
    }
    --depth_;
    const X result = make<typename X::shape, typename X::element>();
    version_[key(result.id)] = carried;
    return result;
  }

 private:
  using instance = std::array<index_type, maximum_loop_depth + 1>;  // an id in an iteration of each loop around it

  static int live_or_none(int id) { return id >= 0 && place_of(id).live ? id : -1; }
  static const place& place_of(int id) { return Plan::value.buffers[std::size_t(id)]; }
  index_type address(const place& p) const {
    index_type offset = p.offset;
    for (int d = 0; d < p.depth; ++d) offset += iteration_[std::size_t(d)] * p.stride[std::size_t(d)];
    return offset;
  }
  instance key(int id, int depth) const {
    instance k;
    k.fill(-1);
    k[0] = id;
    for (int d = 0; d < depth; ++d) k[std::size_t(d) + 1] = iteration_[std::size_t(d)];
    return k;
  }
  instance key(int id) const { return key(id, place_of(id).depth); }

  void read(int id, arena_of where) {
    ++report_.reads;
    const place& p = place_of(id);
    const auto found = version_.find(key(id));
    const std::vector<int>& cells = cells_[std::size_t(where)];
    const index_type at = address(p);
    bool fresh = p.live && found != version_.end() && at >= 0 && at + p.size <= index_type(cells.size());
    for (index_type i = at; fresh && i < at + p.size; ++i) fresh = cells[std::size_t(i)] == found->second;
    report_.stale_reads += !fresh;
  }
  void write(int id, arena_of where) {
    ++report_.writes;
    const place& p = place_of(id);
    std::vector<int>& cells = cells_[std::size_t(where)];
    const index_type at = address(p);
    const int version = version_[key(id)] = versions_++;
    if (!p.live || at < 0 || at + p.size > index_type(cells.size())) {
      ++report_.outside;
      return;
    }
    for (index_type i = at; i < at + p.size; ++i) cells[std::size_t(i)] = version;
  }
  void touch_state(int id) {
    const place& p = Plan::value.states[std::size_t(id)];
    const index_type at = address(p);
    if (at < 0 || at + p.size > index_type(state_cells_.size())) {
      ++report_.outside;
      return;
    }
    for (index_type i = at; i < at + p.size; ++i) {
      instance& owner = state_cells_[std::size_t(i)];
      if (owner == instance{}) owner = key(id + 1, p.depth);
      report_.shared_state += owner != key(id + 1, p.depth);
    }
  }
  bool overlap(int a, int b) const {
    const index_type p = address(place_of(a)), q = address(place_of(b));
    return p < q + place_of(b).size && q < p + place_of(a).size;
  }

  template <class S, class E> void before(ref<S, E> x) { read(x.id, arena_for<E>); }
  template <class I, axis RowsAre> void before(input_ref<I, RowsAre>) {
    report_.unplanned_inputs += !Plan::value.template reads<I>(RowsAre);
  }
  template <class R> void before(accumulated<R> x) { before(x.target); }
  template <class S> void before(state_ref<S> x) { touch_state(x.id); }
  template <class Other> void before(Other) {}

  template <class S, class E> void written_to(ref<S, E> x) { write(x.id, arena_for<E>); }
  template <class S> void written_to(state_ref<S> x) { touch_state(x.id); }
  template <class R> void after(written<R> x) { written_to(x.target); }
  template <class R> void after(accumulated<R> x) { written_to(x.target); }
  template <class R> void after(written_if_kept<R> x) {
    if (place_of(x.target.id).live) written_to(x.target);
  }
  template <class Other> void after(Other) {}

  /// Argument `mine` writes buffer `id`; the others of the operation are in `reads` and `writes`, -1 where not.
  void check_clashes(int id, std::size_t mine, const std::vector<int>& reads, const std::vector<int>& writes,
                     const std::vector<arena_of>& where) {
    if (id < 0) return;
    for (std::size_t other = 0; other < where.size(); ++other) {
      if (where[other] != where[mine]) continue;
      if (reads[other] >= 0 && reads[other] != id && overlap(id, reads[other])) {
        const std::vector<int>& offered = offered_[id];
        const bool same = address(place_of(id)) == address(place_of(reads[other]));
        const bool was_offered = std::find(offered.begin(), offered.end(), reads[other]) != offered.end();
        report_.clashes += !(same && was_offered);
      }
      if (other > mine && writes[other] >= 0) report_.clashes += writes[other] == id || overlap(id, writes[other]);
    }
  }

  template <class X> void move(X from, X to) {
    before(from);
    if (address(place_of(from.id)) == address(place_of(to.id))) {
      version_[key(to.id)] = version_[key(from.id)];
    } else {
      report_.clashes += overlap(from.id, to.id);
      written_to(to);
    }
  }

  std::array<std::vector<int>, arena_count> cells_;
  std::vector<instance> state_cells_;
  std::map<instance, int> version_;
  std::map<int, std::vector<int>> offered_;
  std::array<index_type, maximum_loop_depth> iteration_{};
  shadow_report report_;
  int versions_ = 0, buffers_ = 0, states_ = 0, operands_ = 0, depth_ = 0;
};

/// Law: on the unrolled timeline nothing that is read was overwritten.
template <class Walk, class Use> shadow_report watch_memory() {
  shadow_memory<planned<Walk, Use>> memory;
  Walk::walk(memory);
  return memory.report();
}

}  // namespace typeformer::laws
