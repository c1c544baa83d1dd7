// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: entry_has_no_value<my_entry, wrong_layer>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_entry {
  using key = my_entry;
};
struct wrong_layer {
  template <class In> using passes_down = my_entry;
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
    int passed;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk&, X x, Scope) {
    return trace_of<X>{x, 0};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

struct wrong_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                      tf::learned_positions<tf::context<4>>, wrong_layer, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
