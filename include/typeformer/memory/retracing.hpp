// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/state_elements.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The context that repeats a walk from a mark to make its trace again. It computes nothing.
///
/// With it the backward pass needs no memory for the traces of many layers: it makes each trace again when it reaches
/// the layer.
template <class Use> class retracing {
 public:
  using use = Use;

  constexpr explicit retracing(walk_mark start) : at_{start} {}

  template <class Shape, class Element = real, class... Over> constexpr ref<Shape, Element> make(Over...) {
    return {at_.buffers++};
  }
  template <class Shape, state_traits Can = state_traits{}> constexpr state_ref_of<Use, Shape, Can> state() {
    return {at_.states++};
  }
  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  constexpr parameter<Kind, Rows, Columns> param(Names...) {
    return {at_.operands++};
  }
  constexpr walk_mark mark() const { return at_; }
  constexpr void rewind(walk_mark to) {
    at_.operands = to.operands;
    at_.states = to.states;
    at_.sites = to.sites;
  }
  constexpr typeformer::random_site random_site() { return {at_.sites++}; }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() { return {}; }
  constexpr void enter(const char*) {}
  constexpr void enter(int) {}
  constexpr void leave() {}
  constexpr int new_loop() { return at_.loops++; }
  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments...) {}
  template <class Observation, class Ref> constexpr void observe(Observation, Ref) {}

  template <class X, class Body> constexpr X loop(loop_description, X, Body body) {
    body(make<typename X::shape, typename X::element>());
    make<typename X::shape, typename X::element>();         // what enters the next iteration
    return make<typename X::shape, typename X::element>();  // the result
  }

 private:
  walk_mark at_;
};

}  // namespace typeformer
