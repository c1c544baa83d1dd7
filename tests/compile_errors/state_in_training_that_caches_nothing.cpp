// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: state_in_a_walk_that_caches_nothing<.*"sum\.state".*summed
#include <typeformer/execution/all.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct caches_in_training {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    if constexpr (Walk::use::what_for == tf::purpose::train) c.template state<tf::sequence_rows<X::width>>();
    return trace_of<X>{x};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

struct summed
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::named<"sum", caches_in_training>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::footprint<summed, tf::training_with<tf::causal_language_model>>::ram_bytes > 0);  // expect-own-line
