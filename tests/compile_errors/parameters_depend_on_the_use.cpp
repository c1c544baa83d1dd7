// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: parameters_depend_on_the_use<.*purpose::decode.*changing
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct changes_its_mind {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    if constexpr (Walk::use::caches)
      c.template param<tf::parameter_kind::vector, X::width, 1>(tf::named_rows{"weight", X::width});
    return trace_of<X>{x};
  }
};

struct changing
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::named<"gain", changes_its_mind>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::footprint<changing, tf::decoding>::ram_bytes > 0);  // expect-own-line
