// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: named_rows_do_not_add_up_to_the_parameter<.*"fused\.query\.weight".*given_rows<196>.*declared_rows<192>
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct fused_map {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.template param<tf::parameter_kind::matrix, 192, X::width>(
        tf::named_rows{"query.weight", 64}, tf::named_rows{"key.weight", 64}, tf::named_rows{"value.weight", 68});
    return trace_of<X>{x};
  }
};

struct fused
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::named<"fused", fused_map>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::parameter_count<fused> > 0);  // expect-own-line
