// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string_view>

#include <typeformer/contract/walk_context.hpp>
#include <typeformer/foundation/type_name.hpp>

namespace typeformer {

namespace detail {
/// `typename a_cost<Operation::flops(…)>` exists if the compiler can count.
template <std::int64_t> struct a_cost;
}  // namespace detail

/// The context that adds up the floating-point operations of a walk in which every reserved row is in use.
///
/// An operation gives its cost by `flops(rows)`, with the rows of its first tensor, by `flops(sequences, tokens)`, by
/// `flops(sequences, tokens, recalled)`, or by `flops(reserved)`. The body of a loop is walked once and counts once per
/// iteration. Recalled tokens are those of earlier segments, in a use that reserves memory for them and does not
/// decode.
template <class Use> class flop_counter : public walk_archetype<Use> {
 public:
  constexpr std::int64_t total() const { return total_; }
  /// The first operation that does not tell its cost to the compiler; empty if all do.
  constexpr std::string_view missing() const { return missing_; }

  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments... arguments) {
    if constexpr (requires { typename detail::a_cost<std::int64_t(Operation::flops(Use::reserved))>; }) {
      total_ += times_ * Operation::flops(Use::reserved);
    } else if constexpr (requires { typename detail::a_cost<std::int64_t(Operation::flops(one, one))>; }) {
      total_ += times_ * Operation::flops(Use::reserved.batch, Use::reserved.tokens_of(axis_among(arguments...)));
    } else if constexpr (requires { typename detail::a_cost<std::int64_t(Operation::flops(one, one, one))>; }) {
      const axis rows_are = axis_among(arguments...);
      total_ += times_ * Operation::flops(Use::reserved.batch, Use::reserved.tokens_of(rows_are),
                                          rows_are == axis::source || Use::caches ? 0 : Use::reserved.memory);
    } else if constexpr (requires { typename detail::a_cost<std::int64_t(Operation::flops(one))>; }) {
      index_type rows = 0;
      ((rows = rows ? rows : rows_of(arguments)), ...);
      total_ += times_ * Operation::flops(std::int64_t{rows});
    } else if (missing_.empty()) {
      missing_ = type_name<Operation>();
    }
  }

  template <class X, class Body> constexpr X loop(loop_description loop, X x, Body body) {
    times_ *= loop.count;
    body(x);
    times_ /= loop.count;
    return x;
  }

 private:
  static constexpr std::int64_t one = 1;

  template <class... Arguments> static constexpr axis axis_among(Arguments... arguments) {
    return ((axis_of(arguments) == axis::source) || ...) ? axis::source : axis::token;
  }
  template <class S, class E> static constexpr index_type rows_of(ref<S, E>) {
    return row_capacity(S::rows_are, Use::reserved);
  }
  template <class R> static constexpr index_type rows_of(written<R> x) { return rows_of(x.target); }
  template <class R> static constexpr index_type rows_of(accumulated<R> x) { return rows_of(x.target); }
  template <class R> static constexpr index_type rows_of(written_if_kept<R> x) { return rows_of(x.target); }
  template <class Other> static constexpr index_type rows_of(Other) { return 0; }
  template <class S, class E> static constexpr axis axis_of(ref<S, E>) { return S::rows_are; }
  template <class Other> static constexpr axis axis_of(Other) { return axis::once; }

  std::int64_t total_ = 0, times_ = 1;
  std::string_view missing_{};
};

}  // namespace typeformer
