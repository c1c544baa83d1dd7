// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: trace_has_no_y<my_head>
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct my_head {
  template <class E, class In> using infer_logits = tf::rows<In::rows_are, E::vocabulary>;
  template <class Walk, class X, class S> static constexpr auto walk(Walk& c, X x, S s) {
    struct t {
      int y;
    };
    return t{1};
  }
  template <class Walk, class T, class D, class S> static constexpr D walk_back(Walk&, T, D d, S) { return d; }
};
struct my_model : tf::decoder_only<tf::token_embedding<tf::vocabulary<11>, tf::width<8>>,
                                   tf::learned_positions<tf::context<8>>, my_head> {};
using wrong = tf::session<my_model>;  // expect-own-line
