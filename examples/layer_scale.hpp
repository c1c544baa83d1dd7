// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/call.hpp>
#include <typeformer/shape/references.hpp>

/// A layer that the library does not have, in a separate namespace.
namespace mine {

namespace tf = typeformer;

// The operations: contexts record them, count their FLOPs or run them.
template <tf::index_type Width> struct layer_scale_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <tf::index_type Width> struct layer_scale_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return 3 * rows * Width; }
};

/// y = g · x, with a gain for every column. It limits the branch of a residual (Touvron et al. 2021, arXiv:2103.17239,
/// eq. 3).
///
/// x, y [rows][width], g [width]. Cost: width FLOPs per row.
struct layer_scale {
  /// The output shape for an input shape. For a shape that does not fit it would be an error type.
  template <class In> using infer = In;

  /// What the backward pass needs: symbols, no data.
  template <class X> struct trace_of {
    X y, x;
    tf::parameter<tf::parameter_kind::vector, X::width, 1> gain;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto gain = c.template param<tf::parameter_kind::vector, X::width, 1>(tf::named_rows{"weight", X::width});
    const X y = c.template make<typename X::shape>(x);  // may reuse the place of x if x is not read again
    c.run(layer_scale_operation<X::width>{}, x, gain, out(y));
    return trace_of<X>{y, x, gain};
  }
  /// dx = g · dy, dg = Σ dy · x over the rows.
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(layer_scale_back_operation<X::width>{}, t.x, t.gain, dy, out(dx), gradient_of(t.gain));
    return dx;
  }
};

// The computation, for every scalar type: float in production, double in the law of gradients.
template <tf::index_type Width, class W, class S>
constexpr void execute(layer_scale_operation<Width>, const tf::call<W>&, tf::block_view<const S> x, const S* gain,
                       tf::block_view<S> y) {
  for (tf::index_type row = 0; row < x.rows; ++row)
    for (tf::index_type i = 0; i < Width; ++i) y[row][i] = gain[i] * x[row][i];
}
template <tf::index_type Width, class W, class S>
constexpr void execute(layer_scale_back_operation<Width>, const tf::call<W>&, tf::block_view<const S> x, const S* gain,
                       tf::block_view<const S> dy, tf::block_view<S> dx, S* dgain) {
  for (tf::index_type row = 0; row < x.rows; ++row)
    for (tf::index_type i = 0; i < Width; ++i) {
      dgain[i] += dy[row][i] * x[row][i];
      dx[row][i] = gain[i] * dy[row][i];
    }
}

}  // namespace mine
