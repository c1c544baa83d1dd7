// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/plan.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer::laws::detail {

/// The memory that an argument of an operation reads or writes.
struct watched_argument {
  int buffer = -1, state = -1;  ///< -1: none
  arena_of arena = arena_of::real;
  bool reads = false, writes = false;
  bool writes_if_kept = false;   ///< writes nothing if the plan has no memory for it
  bool unplanned_input = false;  ///< an input that the plan does not know
};

template <class Plan, class S, class E> watched_argument watched(ref<S, E> x) {
  return {.buffer = x.id, .arena = arena_for<E>, .reads = true};
}
template <class Plan, class S, class E> watched_argument watched(state_ref<S, E> x) {
  return {.state = x.id, .reads = true};
}
template <class Plan, class I, axis RowsAre> watched_argument watched(input_ref<I, RowsAre>) {
  return {.unplanned_input = !Plan::value.template reads<I>(RowsAre)};
}
template <class Plan, class Other> watched_argument watched(Other) { return {}; }

template <class Plan, class R> watched_argument watched(accumulated<R> x) {
  watched_argument a = watched<Plan>(x.target);
  a.writes = true;
  return a;
}
template <class Plan, class R> watched_argument watched(written<R> x) {
  watched_argument a = watched<Plan>(x.target);
  a.reads = false;
  a.writes = true;
  return a;
}
template <class Plan, class R> watched_argument watched(written_if_kept<R> x) {
  watched_argument a = watched<Plan>(x.target);
  a.reads = false;
  a.writes = a.writes_if_kept = true;
  return a;
}

}  // namespace typeformer::laws::detail
