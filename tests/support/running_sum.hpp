// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/scope.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/references.hpp>

/// A layer whose state is what the tokens so far add up to: it cannot go back.
namespace typeformer::testing {

template <index_type Width> struct running_sum_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index_type Width> struct cached_sum_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

template <index_type Width, class W, class S>
constexpr void execute(running_sum_operation<Width>, const call<W>& c, block_view<const S> x, block_view<S> y) {
  for (index_type s = 0; s < c.batch.sequences; ++s)
    for (index_type i = 0; i < Width; ++i) {
      S sum{0};
      for (index_type r = c.batch.first_row[s]; r < c.batch.first_row[s + 1]; ++r) y[r][i] = sum += x[r][i];
    }
}
template <index_type Width, class W, class S>
constexpr void execute(cached_sum_operation<Width>, const call<W>& c, block_view<const S> x, const S* before,
                       block_view<S> y, S* after) {
  for (index_type s = 0; s < c.batch.sequences; ++s)
    for (index_type i = 0; i < Width; ++i) {
      S sum = c.batch.past_of(s) > 0 ? before[s * Width + i] : S{0};
      for (index_type r = c.batch.first_row[s]; r < c.batch.first_row[s + 1]; ++r) y[r][i] = sum += x[r][i];
      after[s * Width + i] = sum;
    }
}

/// y_t = x_0 + … + x_t. x, y [tokens][width].
template <state_traits Can = state_traits{}, template <index_type> class StateShape = sequence_rows>
struct running_sum {
  template <class In> using infer = In;
  template <class X> struct trace_of {
    X y;
  };
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    if constexpr (Walk::use::caches) {
      const auto sum = c.template state<StateShape<X::width>, Can>();
      c.run(cached_sum_operation<X::width>{}, x, sum, out(y), out(sum));
    } else {
      c.run(running_sum_operation<X::width>{}, x, out(y));
    }
    return trace_of<X>{y};
  }
};

}  // namespace typeformer::testing
