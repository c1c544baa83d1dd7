// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/references.hpp>

/// A layer with a state, in a separate namespace. docs/a_layer_of_your_own.md explains it.
namespace mine {

namespace tf = typeformer;

inline constexpr tf::index_type taps = 3;

template <tf::index_type Width, int Factor = 1> struct convolution_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return Factor * 2 * taps * rows * Width; }
};
template <tf::index_type Width> struct cached_convolution_operation : convolution_operation<Width> {};
template <tf::index_type Width> struct convolution_back_operation : convolution_operation<Width, 2> {};

/// y_t = w_0 · x_t + w_1 · x_(t-1) + w_2 · x_(t-2), column by column: a causal depthwise convolution over the tokens of
/// each sequence (So et al. 2021, arXiv:2109.08668, §3). Tokens before the first are zero. Padding is skipped.
///
/// x, y [tokens][width], w [3][width]. State: x of all cached tokens, [sequences][context][width], so that the newest
/// can be removed. Cost: 6 · width FLOPs per row.
struct causal_convolution {
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y, x;
    tf::parameter<tf::parameter_kind::table, taps, X::width> weight;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto weight = c.template param<tf::parameter_kind::table, taps, X::width>(tf::named_rows{"weight", taps});
    const X y = c.template make<typename X::shape>();  // not over x: each of its rows is read for three of y
    if constexpr (Walk::use::caches) {
      const auto inputs = c.template state<tf::rows<tf::axis::context, X::width>, tf::token_cache>();
      c.run(cached_convolution_operation<X::width>{}, x, weight, out(inputs), out(y));
    } else {
      c.run(convolution_operation<X::width>{}, x, weight, out(y));
    }
    return trace_of<X>{y, x, weight};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>();
    c.run(convolution_back_operation<X::width>{}, t.x, t.weight, dy, out(dx), gradient_of(t.weight));
    return dx;
  }
};

/// Calls f(k, p) for p, the k-th valid token before token t of a sequence, where t itself is the 0-th. Makes no call if
/// t is padding.
template <class F> constexpr void for_each_tap(const std::uint8_t* valid, tf::index_type t, F&& f) {
  if (valid && !valid[t]) return;
  for (tf::index_type p = t, k = 0; p >= 0 && k < taps; --p)
    if (!valid || valid[p]) f(k++, p);
}
/// y of the last `count` tokens of a sequence. `x` also has the `past` tokens before them.
template <tf::index_type Width, class S>
constexpr void convolve(tf::index_type past, tf::index_type count, const std::uint8_t* valid, tf::rows_view<const S> x,
                        tf::row_major_view<const S> w, tf::rows_view<S> y) {
  for (tf::index_type t = 0; t < count; ++t) {
    for (tf::index_type i = 0; i < Width; ++i) y[t][i] = S{0};
    for_each_tap(valid, past + t, [&](tf::index_type k, tf::index_type p) {
      for (tf::index_type i = 0; i < Width; ++i) y[t][i] += w(k, i) * x[p][i];
    });
  }
}

template <tf::index_type Width, class W, class S>
constexpr void execute(convolution_operation<Width>, const tf::call<W>& c, tf::block_view<const S> x,
                       tf::row_major_view<const S> w, tf::block_view<S> y) {
  for (tf::index_type s = 0; s < c.batch.sequences; ++s)
    convolve<Width, S>(0, c.batch.rows_of(s), c.batch.valid_of(s), x.from(c.batch.first_row[s]), w,
                       y.from(c.batch.first_row[s]));
}
template <tf::index_type Width, class W, class S>
constexpr void execute(cached_convolution_operation<Width>, const tf::call<W>& c, tf::block_view<const S> x,
                       tf::row_major_view<const S> w, S* inputs, tf::block_view<S> y) {
  for (tf::index_type s = 0; s < c.batch.sequences; ++s) {
    const tf::index_type first = c.batch.first_row[s], past = c.batch.past_of(s), count = c.batch.rows_of(s);
    const tf::rows_view<S> cached{inputs + s * c.reserved.context * Width, Width};
    for (tf::index_type i = 0; i < count * Width; ++i)
      cached[past][i] = x[first][i];  // overwrites rows of tokens that were removed
    convolve<Width, S>(past, count, nullptr, cached, w, y.from(first));
  }
}
template <tf::index_type Width, class W, class S>
constexpr void execute(convolution_back_operation<Width>, const tf::call<W>& c, tf::block_view<const S> x,
                       tf::row_major_view<const S> w, tf::block_view<const S> dy, tf::block_view<S> dx,
                       tf::row_major_view<S> dw) {
  for (tf::index_type i = 0; i < dx.rows * Width; ++i) dx.data[i] = S{0};
  for (tf::index_type s = 0; s < c.batch.sequences; ++s)
    for (tf::index_type t = 0, first = c.batch.first_row[s]; t < c.batch.rows_of(s); ++t)
      for_each_tap(c.batch.valid_of(s), t, [&](tf::index_type k, tf::index_type p) {
        for (tf::index_type i = 0; i < Width; ++i) {
          dx[first + p][i] += w(k, i) * dy[first + t][i];
          dw(k, i) += x[first + p][i] * dy[first + t][i];
        }
      });
}

}  // namespace mine
