// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: parameter_has_no_name<.*"blocks\.\*\.gain"
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct nameless {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.template param<tf::parameter_kind::vector, X::width, 1>();
    return trace_of<X>{x};
  }
};

struct gained
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::repeat<2, tf::named<"gain", nameless>>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<gained> > 0);  // expect-own-line
