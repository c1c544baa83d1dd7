// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/argument_view.hpp>
#include <typeformer/contract/observers.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/contract/weights_view.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/loop_position.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/memory/plan.hpp>
#include <typeformer/memory/planned_arrays.hpp>
#include <typeformer/memory/scale_places.hpp>
#include <typeformer/memory/state_elements.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The context that computes: it runs each operation on the planned addresses, without heap.
///
/// `Plan` gives the addresses, `Scalar` is the type of the arithmetic, `Weights` gives the place and form of the
/// parameters.
template <class Plan, class Scalar, class Weights, Workers W = inline_workers, class Observer = no_observer>
class executor {
 public:
  using use = typename Plan::use;
  using memory = planned_addresses<Scalar>;

  constexpr executor(memory where, Weights weights, const token_batch& batch, const W& workers, Observer observer = {})
      : memory_{where},
        weights_{weights},
        batch_{batch},
        call_{batch, use::reserved, workers, position_.number.data(), source_in(batch)},
        observer_{observer} {}
  executor(const executor&) = delete;
  executor& operator=(const executor&) = delete;

  template <class Shape, class Element = real, class... Over> constexpr ref<Shape, Element> make(Over...) {
    return {buffers_++};
  }
  template <class Shape, state_traits Can = state_traits{}> constexpr state_ref_of<use, Shape, Can> state() {
    return {states_++};
  }
  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  constexpr parameter<Kind, Rows, Columns> param(Names...) {
    return {operands_++};
  }
  /// The walk's position. After a rewind the same layers have the same parameters, states and random sites again.
  constexpr walk_mark mark() const { return {operands_, states_, sites_, buffers_, 0}; }
  constexpr void rewind(walk_mark to) {
    operands_ = to.operands;
    states_ = to.states;
    sites_ = to.sites;
  }
  constexpr typeformer::random_site random_site() { return {sites_++}; }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() { return {}; }
  constexpr void enter(const char*) {}
  constexpr void enter(int) {}
  constexpr void leave() {}
  constexpr int new_loop() { return 0; }

  // Out of line: compile time grows by a third if one function holds the code of a whole model.
  template <class Operation, class... Arguments>
  TYPEFORMER_NOINLINE constexpr void run(Operation operation, Arguments... arguments) {
    if constexpr (!std::is_same_v<Operation, delivery>)
      execute(operation, call_, argument_view<Arguments, Scalar, Weights>(view(arguments))...);
  }
  template <class Observation, class Ref> constexpr void observe(Observation what, Ref seen) {
    if constexpr (!use::observes) return;
    else if constexpr (detail::changes_what_it_sees<Observer, Scalar>)
      observer_(what, position_.seen(), writable(seen), Ref::width);
    else observer_(what, position_.seen(), view(seen), Ref::width);
  }

  template <class X, class Body> constexpr X loop(loop_description loop, X x0, Body body) {
    position_.enter(loop);
    const X x = make<typename X::shape, typename X::element>();
    copy(x0, x);
    const int buffers = buffers_, states = states_, operands = operands_, sites = sites_;
    for (index_type i = 0; i < loop.count; ++i) {
      buffers_ = buffers;
      states_ = states;
      operands_ = operands;
      sites_ = sites;
      position_.go_to(loop, i);
      const X y = body(x);
      copy(y, make<typename X::shape, typename X::element>());
    }
    position_.leave();
    return make<typename X::shape, typename X::element>();
  }

  /// Rows of `x` that this call uses, and their address.
  template <class Shape, class Element> constexpr auto view(ref<Shape, Element> x) const {
    using element = std::conditional_t<std::is_same_v<Element, real>, Scalar, Element>;
    return block_view<const element>{
        {address<Element>(x.id), Shape::width}, rows_in_use(Shape::rows_are), Shape::rows_are};
  }
  template <class Tokens, class Sequences> constexpr auto view(tokens_and_sequences<Tokens, Sequences> x) const {
    return tokens_and_sequences<decltype(view(x.tokens)), decltype(view(x.sequences))>{view(x.tokens),
                                                                                       view(x.sequences)};
  }

 private:
  template <class Ref> constexpr auto writable(Ref x) const {
    using element = std::conditional_t<std::is_same_v<typename Ref::element, real>, Scalar, typename Ref::element>;
    return block_view<element>{
        {address<typename Ref::element>(x.id), Ref::width}, rows_in_use(Ref::rows_are), Ref::rows_are};
  }
  template <class R> constexpr auto view(written<R> x) const { return writable(x.target); }
  template <class R> constexpr auto view(accumulated<R> x) const { return writable(x.target); }
  template <class R> constexpr auto view(written_if_kept<R> x) const { return writable(x.target); }

  template <class X, class E> constexpr auto view(state_ref<X, E> x) const { return state_at<E, const Scalar>(x.id); }
  template <class X, class E> constexpr auto view(written<state_ref<X, E>> x) const {
    return state_at<E, Scalar>(x.target.id);
  }

  template <index_type Rows, index_type Columns>
  constexpr auto view(parameter<parameter_kind::matrix, Rows, Columns> p) const {
    return weights_.template matrix<Rows, Columns>(offset_of(p.id));
  }
  template <index_type Rows, index_type Columns>
  constexpr auto view(parameter<parameter_kind::table, Rows, Columns> p) const {
    return weights_.template table<Rows, Columns>(offset_of(p.id));
  }
  template <index_type Rows, index_type Columns>
  constexpr const Scalar* view(parameter<parameter_kind::vector, Rows, Columns> p) const {
    return weights_.vector(offset_of(p.id));
  }
  constexpr const Scalar* view(nothing) const { return nullptr; }
  template <class I, axis RowsAre> constexpr auto view(input_ref<I, RowsAre>) const {
    const token_batch& batch = RowsAre == axis::source ? source_in(batch_) : batch_;
    return block_view<const typename I::element>{{I::of(batch), I::width}, rows_in_use(RowsAre), RowsAre};
  }
  constexpr random_source view(typeformer::random_site site) const {
    return random_source_of(batch_, site, position_.iteration.data());
  }

  template <parameter_kind Kind, index_type Rows, index_type Columns>
  constexpr auto view(gradient<parameter<Kind, Rows, Columns>> g) const {
    Scalar* const at = memory_.gradients + offset_of(g.of.id);
    if constexpr (Kind == parameter_kind::vector) return at;
    else return row_major_view<Scalar>{at, Rows, Columns};
  }

  static constexpr token_batch nothing_to_read{};
  static constexpr const token_batch& source_in(const token_batch& batch) {
    return batch.source ? *batch.source : nothing_to_read;
  }
  constexpr index_type rows_in_use(axis rows_are) const {
    switch (rows_are) {
      case axis::token: return call_.batch.rows;
      case axis::recalled: return call_.batch.first_recalled_row(call_.batch.sequences, use::reserved.memory);
      case axis::sequence: return call_.batch.sequences;
      case axis::source: return call_.batch_of(axis::source).rows;
      default: return row_capacity(rows_are, use::reserved);
    }
  }

  template <class Element> constexpr auto address(int id) const {
    const place& p = Plan::buffers[std::size_t(id)];
    const index_type offset = position_.offset_of(p);
    if constexpr (std::is_same_v<Element, std::int32_t>) return p.live ? memory_.int32_arena + offset : nullptr;
    else if constexpr (std::is_same_v<Element, std::int8_t>) return p.live ? memory_.int8_arena + offset : nullptr;
    else return p.live ? memory_.arena + offset : nullptr;
  }
  template <class Element, class To> constexpr state_view<Element, To> state_at(int id) const {
    return detail::state_at<Plan, Element, To>(memory_.state, id, position_.offset_of(Plan::states[std::size_t(id)]));
  }
  constexpr index_type offset_of(int id) const {
    if constexpr (requires { Weights::template operands<Plan>; })
      return position_.offset_of(Weights::template operands<Plan>[std::size_t(id)]);
    else return position_.offset_of(Plan::operands[std::size_t(id)]);
  }

  template <class X> constexpr void copy(X from, X to) {
    const auto source = view(from);
    const auto target = writable(to);
    if (!target.data || source.data == target.data) return;
    for (index_type i = 0; i < source.rows * X::width; ++i) target.data[i] = source.data[i];
  }

  loop_position position_;
  memory memory_;
  Weights weights_;
  const token_batch& batch_;
  call<W> call_;
  [[no_unique_address]] Observer observer_;
  int buffers_ = 0, states_ = 0, operands_ = 0, sites_ = 0;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
