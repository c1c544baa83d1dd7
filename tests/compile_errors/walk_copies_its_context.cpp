// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: walk_takes_its_context_by_value_or_as_const<mine::my_layer>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

namespace mine {

struct my_layer {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk, X x, Scope) { return trace_of<X>{x}; }
};

}  // namespace mine

struct my_model
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>, tf::learned_positions<tf::context<8>>,
                       tf::repeat<2, tf::residual<mine::my_layer>>, tf::layer_norm<>, tf::tied_head> {};

using wrong = tf::session<my_model>;  // expect-own-line
