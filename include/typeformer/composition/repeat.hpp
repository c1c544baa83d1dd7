// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/declared_limits.hpp>
#include <typeformer/contract/kept_width.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace detail {
/// Whether a function returns one of the N blocks for every iteration.
template <index_type N, auto BlockOf> constexpr bool names_blocks() {
  if constexpr (!std::is_invocable_r_v<index_type, decltype(BlockOf), index_type>) return false;
  else {
    for (index_type i = 0; i < N; ++i)
      if (BlockOf(i) < 0 || BlockOf(i) >= N) return false;
    return true;
  }
}
}  // namespace detail

/// N blocks in sequence: an array of parameters and a loop. The block is walked once for any N, so that compile time
/// does not depend on the depth.
///
/// `BlockOf` maps an iteration to the block whose parameters it reads: `own_block`, or `shared_block` for ALBERT's
/// sharing (Lan et al. 2020, arXiv:1909.11942, §3.1). `First` is the number of the first iteration, from which windows
/// and whatever else depends on the layer count on, for a stack whose first blocks are other ones.
template <index_type N, class Block, auto BlockOf = own_block, index_type First = 0> struct repeat {
  static constexpr bool is_composition = true;
  static constexpr index_type count = N;
  using block = Block;
  using inner = inner_layers<Block>;
  using checked_options =
      std::conditional_t<detail::names_blocks<N, BlockOf>(), nothing, error::iteration_has_no_such_block<repeat>>;

  template <class In, class Scope>
  using infer = kept_width<error::repeated_block_changes_the_width, repeat, In, typeformer::infer<Block, In, Scope>>;

  /// One trace serves all iterations: its references are symbolic, and the context holds the iteration.
  template <class Y, class Body> struct trace_of {
    Y y;
    Body body;
    int mark;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    trace_of<X, decltype(Block::walk(c, x, s))> t{{}, {}, c.new_loop()};
    if constexpr (First == 0) c.observe(observation::stack_input, x);
    c.enter("blocks");
    t.y = c.loop(loop_description{.count = N, .mark = t.mark, .block_of = BlockOf, .first = First}, x, [&](X xi) {
      t.body = Block::walk(c, xi, s);
      c.observe(observation::block_output, t.body.y);
      return t.body.y;
    });
    c.leave();
    return t;
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope s) {
    return c.loop(loop_description{.count = N, .mark = t.mark, .reverse = true, .block_of = BlockOf, .first = First},
                  dy, [&](DY d) { return Block::walk_back(c, t.body, d, s); });
  }
};

}  // namespace typeformer
