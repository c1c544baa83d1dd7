// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: two_parameters_have_the_same_name<.*"fused\.weight"
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct doubled {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.template param<tf::parameter_kind::vector, 2 * X::width, 1>(tf::named_rows{"weight", X::width},
                                                                  tf::named_rows{"weight", X::width});
    return trace_of<X>{x};
  }
};

struct fused
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::named<"fused", doubled>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<fused> > 0);  // expect-own-line
