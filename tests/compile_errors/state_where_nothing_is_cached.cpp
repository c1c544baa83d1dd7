// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: state_in_a_walk_that_caches_nothing<.*"blocks\.\*\.sum\.state".*summed
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct always_caches {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.template state<tf::sequence_rows<X::width>>();
    return trace_of<X>{x};
  }
};

struct summed
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::named<"sum", always_caches>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::footprint<summed, tf::evaluating>::ram_bytes > 0);  // expect-own-line
