// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/kept_width.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// y = x + F(x), where F is the layers in sequence (He et al. 2016, arXiv:1512.03385, eq. 1).
///
/// x, y [rows][width]. A branch whose output has another width than x is a mismatch. Cost: width FLOPs per row.
template <class... Layers> struct residual {
  static constexpr bool is_composition = true;
  using branch = sequential<Layers...>;
  using inner = inner_layers<Layers...>;

  template <class In, class Scope>
  using infer =
      kept_width<error::residual_branch_changes_the_width, residual, In, typeformer::infer<branch, In, Scope>>;

  template <class Y, class Branch> struct trace_of {
    Y y;
    Branch branch;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    auto b = branch::walk(c, x, s);
    c.observe(observation::branch_output, b.y);
    auto y = c.template make<typename X::shape>(x, b.y);
    c.run(add_operation<X::width>{}, x, b.y, out(y));
    return trace_of<X, decltype(b)>{y, b};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope s) {
    auto db = branch::walk_back(c, t.branch, dy, s);  // y = x + F(x): dx = dy + F'(x) dy
    auto dx = c.template make<typename DY::shape>(dy, db);
    c.run(add_operation<DY::width>{}, dy, db, out(dx));
    return dx;
  }
};

}  // namespace typeformer
