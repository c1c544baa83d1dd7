// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: nobody_gives_this_input<.*"labels".*scribe
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct label_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
struct reads_the_answer {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(label_operation{}, x, c.template input<tf::token_labels>(), out(y));
    return trace_of<X>{y};
  }
};
template <class W, class S>
constexpr void execute(label_operation, const tf::call<W>&, tf::block_view<const S>, tf::block_view<const std::int32_t>,
                       tf::block_view<S>) {}

struct scribe : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
                                 tf::learned_positions<tf::context<128>>, reads_the_answer, tf::tied_head> {};

using wrong = tf::session<scribe>;  // expect-own-line
