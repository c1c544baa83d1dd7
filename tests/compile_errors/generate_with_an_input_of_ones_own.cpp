// SPDX-License-Identifier: BSL-1.0
// expect-first-lines: generation_gives_no_inputs_of_the_users_own<.*diary
#include <typeformer/typeformer.hpp>

namespace tf = typeformer;

struct weekdays : tf::own_ids<weekdays, 7> {
  static constexpr const char* name = "weekdays";
};
struct weekday_operation : tf::flops_per_row<0> {};
struct reads_the_weekday : tf::keeps_shape {
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(weekday_operation{}, x, c.template input<weekdays>(), out(y));
    return tf::trace{y};
  }
};
template <class W, class S>
constexpr void execute(weekday_operation, const tf::call<W>&, tf::block_view<const S>,
                       tf::block_view<const std::int32_t>, tf::block_view<S>) {}

struct diary : tf::decoder_only<tf::token_embedding<tf::vocabulary<512>, tf::width<64>>,
                                tf::learned_positions<tf::context<128>>, reads_the_weekday, tf::tied_head> {};

using space = std::span<tf::candidate>;
auto generate(tf::session<diary>& s, const tf::generation_request& q, space w, tf::philox& r, bool (&f)(int)) {
  return tf::generate(s, q, tf::greedy{}, w, r, f);  // expect-own-line
}
