// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: options_are_checked_against_no_list<typeformer::with_bias, wrong_layer>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct wrong_layer {
  using checked_options = tf::check_options<wrong_layer, tf::with_bias, tf::without_bias>;
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk&, X x, Scope) { return trace_of<X>{x}; }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

struct wrong_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<16>, tf::width<8>>,
                                      tf::learned_positions<tf::context<4>>, wrong_layer, tf::tied_head> {};

using wrong = tf::weights<wrong_model>;  // expect-own-line
