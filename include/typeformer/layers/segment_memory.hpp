// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/scope.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Width> struct recall_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Width> struct recall_back_operation : recall_operation<Width> {};
template <index_type Width> struct cache_segment_operation : recall_operation<Width> {};

/// What a layer reads in addition to its input: the last `memory` rows of its inputs in earlier segments, as they were
/// then (Dai et al. 2019, arXiv:1901.02860, §3.2). They get no gradient.
///
/// x [tokens][width], y [recalled][width]: each sequence's cached rows, then its new ones. It is part of a layer, for
/// uses that reserve a memory; in other uses y is x itself. The memory is updated after the last use of x: in the
/// backward pass, or at once if there is none.
struct segment_memory {
  template <class Y, class State> struct trace_of {
    Y y;
    [[no_unique_address]] State state;
  };

  template <class Walk, class X> static constexpr auto walk(Walk& c, X x) {
    if constexpr (recalls<Walk, X::rows_are>) {
      using memory = sequence_rows<Walk::use::reserved.memory * X::width>;
      using recalled = rows<axis::recalled, X::width>;
      const auto state = c.template state<memory>();
      const auto y = c.template make<recalled>();
      c.run(recall_operation<X::width>{}, x, state, out(y));
      if constexpr (Walk::use::what_for == purpose::score) c.run(cache_segment_operation<X::width>{}, y, out(state));
      return trace_of<ref<recalled>, state_ref<memory>>{y, state};
    } else {
      return trace_of<X, nothing>{x, {}};
    }
  }
  template <class Walk, class Y, class State, class DY>
  static constexpr auto walk_back(Walk& c, trace_of<Y, State> t, DY dy) {
    if constexpr (Y::rows_are == axis::recalled) {
      const auto dx = c.template make<token_rows<Y::width>>();
      c.run(recall_back_operation<Y::width>{}, dy, out(dx));
      c.run(cache_segment_operation<Y::width>{}, t.y, out(t.state));
      return dx;
    } else {
      return dy;
    }
  }

 private:
  template <class Walk, axis RowsAre>
  static constexpr bool recalls = !Walk::use::caches && RowsAre == axis::token && Walk::use::reserved.memory > 0;
};

}  // namespace typeformer
