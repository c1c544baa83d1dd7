// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/walk_context.hpp>

namespace typeformer {

/// The context that adds up the floating-point operations of a walk in which every reserved row is in use.
///
/// An operation gives its cost by `flops(rows)`, with the rows of its first tensor, by `flops(sequences, tokens)`, by
/// `flops(sequences, tokens, recalled)`, or by `flops(reserved)`. The body of a loop is walked once and counts once per
/// iteration. Recalled tokens are those of earlier segments, in a use that reserves memory for them and does not
/// decode.
template <class Use> class flop_counter : public walk_archetype<Use> {
 public:
  constexpr std::int64_t total() const { return total_; }

  template <class Operation, class... Arguments> constexpr void run(Operation, Arguments... arguments) {
    if constexpr (requires { Operation::flops(Use::reserved); }) {
      total_ += times_ * Operation::flops(Use::reserved);
    } else if constexpr (requires { Operation::flops(std::int64_t{1}, std::int64_t{1}); }) {
      total_ += times_ * Operation::flops(Use::reserved.batch, Use::reserved.tokens_of(axis_among(arguments...)));
    } else if constexpr (requires { Operation::flops(std::int64_t{1}, std::int64_t{1}, std::int64_t{1}); }) {
      const axis rows_are = axis_among(arguments...);
      total_ += times_ * Operation::flops(Use::reserved.batch, Use::reserved.tokens_of(rows_are),
                                          rows_are == axis::source || Use::caches ? 0 : Use::reserved.memory);
    } else {
      static_assert(
          requires { Operation::flops(std::int64_t{1}); },
          "typeformer: an operation tells its cost by `static flops(rows)`");
      index_type rows = 0;
      ((rows = rows ? rows : rows_of(arguments)), ...);
      total_ += times_ * Operation::flops(std::int64_t{rows});
    }
  }

  template <class X, class Body> constexpr X loop(loop_description loop, X x, Body body) {
    times_ *= loop.count;
    body(x);
    times_ /= loop.count;
    return x;
  }

 private:
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
};

}  // namespace typeformer
