// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/contract/scope.hpp>
#include <typeformer/memory/state_elements.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// A context that does nothing. It has the calls that every context has, and a layer's walk may use no others.
///
/// | call | result |
/// |---|---|
/// | `c.template param<kind, rows, columns>(named_rows{…}…)` | a parameter; memory has the order of these calls |
/// | `c.template make<Shape>(over…)` | a buffer, which may reuse the memory of one of up to two others |
/// | `c.template state<Shape, state_traits{…}>()` | memory that outlives the call; only where `Walk::use::caches` |
/// | `c.run(operation{}, arguments…)` | runs an operation; see `argument_view` for the arguments |
/// | `c.observe(observation, x)` | shows `x` to an observer, if there is one |
/// | `c.enter(word or number)`, `c.leave()` | add parts to the names of the parameters between them |
/// | `c.mark()`, `c.rewind(mark)` | walks the same layers again |
/// | `c.template input<token_ids>()` | what the caller gives: see `Input` |
/// | `c.random_site()` | a place that draws random numbers |
/// | `c.new_loop()`, `c.loop(description, x, body)` | only `repeat` calls them |
///
/// `state<Shape, Element>()` and `input<I>()` of what is no input are there so that the planner can report them.
template <class Use> class walk_archetype {
 public:
  using use = Use;

  constexpr walk_archetype() = default;
  walk_archetype(const walk_archetype&) = delete;
  walk_archetype& operator=(const walk_archetype&) = delete;

  template <class Shape, class Element = real, class... Over>
    requires(sizeof...(Over) <= 2)
  constexpr ref<Shape, Element> make(Over...) {
    return {0};
  }
  template <class Shape, state_traits Can = state_traits{}> constexpr state_ref_of<Use, Shape, Can> state() {
    ++states_;
    return {0};
  }
  template <class Shape, class Element> constexpr state_ref_of<Use, Shape, state_traits{}> state() { return {0}; }
  template <parameter_kind Kind, index_type Rows, index_type Columns, class... Names>
  constexpr parameter<Kind, Rows, Columns> param(Names...) {
    return {0};
  }
  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments...) {}
  template <class Observation, class Ref> constexpr void observe(Observation, Ref) {}
  constexpr void enter(const char*) {}
  constexpr void enter(int) {}
  constexpr void leave() {}
  constexpr walk_mark mark() const { return {}; }
  constexpr void rewind(walk_mark) {}
  constexpr typeformer::random_site random_site() { return {0}; }
  template <Input I, axis RowsAre = I::rows_are> constexpr input_ref<I, RowsAre> input() { return {}; }
  template <NoInput I, axis...> constexpr nothing input() { return {}; }
  constexpr int new_loop() { return 0; }
  template <class X, class Body> constexpr X loop(loop_description, X x, Body body) { return body(x); }

  /// The number of states that were requested.
  constexpr int states() const { return states_; }

 private:
  int states_ = 0;
};

/// The object that decides what a walk does: the planner, the executor, a counter of operations, a shadow memory. Your
/// own context must have the calls of `walk_archetype`.
template <class C>
concept WalkContext = requires(C& c, ref<token_rows<1>> x, loop_description loop) {
  { C::use::what_for } -> std::convertible_to<purpose>;
  { C::use::reserved } -> std::convertible_to<capacities>;
  { c.template make<token_rows<1>>(x) } -> std::same_as<ref<token_rows<1>>>;
  {
    c.template param<parameter_kind::vector, 1, 1>(named_rows{"weight", 1})
  } -> std::same_as<parameter<parameter_kind::vector, 1, 1>>;
  c.run(delivery{}, x);
  c.observe(0, x);
  c.enter("word");
  c.enter(0);
  c.leave();
  c.rewind(c.mark());
  { c.random_site() } -> std::same_as<random_site>;
  { c.template input<token_ids>() } -> std::same_as<input_ref<token_ids>>;
  { c.new_loop() } -> std::convertible_to<int>;
  {
    c.loop(loop, x, [](auto y) { return y; })
  } -> std::same_as<ref<token_rows<1>>>;
};

}  // namespace typeformer
