// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: buffer_or_state_has_a_negative_width<.*"sum\.state".*width<-16>.*summed
#include <typeformer/types.hpp>

namespace tf = typeformer;

struct subtracted {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    if constexpr (Walk::use::caches) c.template state<tf::rows<tf::axis::context, X::width - 80>>();
    return trace_of<X>{x};
  }
};

struct summed
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>, tf::learned_positions<tf::context<128>>,
                       tf::named<"sum", subtracted>, tf::layer_norm<>, tf::tied_head> {};

static_assert(tf::footprint<summed, tf::decoding_with<tf::tokens<8>>>::ram_bytes > 0);  // expect-own-line
