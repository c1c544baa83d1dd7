// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/execution/own_layer.hpp>

/// A layer that the library does not have, in a separate namespace.
namespace mine {

namespace tf = typeformer;

// The operations: contexts record them, count their FLOPs or run them.
template <tf::index_type Width> struct layer_scale_operation : tf::flops_per_row<Width> {};
template <tf::index_type Width> struct layer_scale_back_operation : tf::flops_per_row<3 * Width> {};

/// y = g · x, with a gain for every column. It limits the branch of a residual (Touvron et al. 2021, arXiv:2103.17239,
/// eq. 3).
///
/// x, y [rows][width], g [width]. Cost: width FLOPs per row.
struct layer_scale : tf::keeps_shape {
  /// The trace is what the backward pass needs: symbols, no data.
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto gain = c.template param<tf::parameter_kind::vector, X::width, 1>(tf::named_rows{"weight", X::width});
    const X y = c.template make<typename X::shape>(x);  // may reuse the place of x if x is not read again
    c.run(layer_scale_operation<X::width>{}, x, gain, out(y));
    return tf::trace{y, x, gain};
  }
  /// dx = g · dy, dg = Σ dy · x over the rows.
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope) {
    const auto [y, x, gain] = t;
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(layer_scale_back_operation<DY::width>{}, x, gain, dy, out(dx), gradient_of(gain));
    return dx;
  }
};

// The computation, for every scalar type: float in production, double in the law of gradients.
template <tf::index_type Width, class W, class S>
constexpr void execute(layer_scale_operation<Width>, const tf::call<W>&, tf::block_view<const S> x, const S* gain,
                       tf::block_view<S> y) {
  tf::for_each_element<Width>(x.rows, [&](auto row, auto i) { y[row][i] = gain[i] * x[row][i]; });
}
template <tf::index_type Width, class W, class S>
constexpr void execute(layer_scale_back_operation<Width>, const tf::call<W>&, tf::block_view<const S> x, const S* gain,
                       tf::block_view<const S> dy, tf::block_view<S> dx, S* dgain) {
  tf::for_each_element<Width>(x.rows, [&](auto row, auto i) {
    dgain[i] += dy[row][i] * x[row][i];
    dx[row][i] = gain[i] * dy[row][i];
  });
}

}  // namespace mine
