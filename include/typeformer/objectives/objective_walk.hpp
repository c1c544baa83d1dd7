// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/use.hpp>
#include <typeformer/objectives/objective.hpp>

namespace typeformer {

/// The forward pass of a model and an objective, and the backward pass if the use trains. The caller reads the
/// findings.
template <Model M, class Objective> struct objective_walk {
  using model = M;

  template <class Walk> static constexpr auto walk(Walk& c) {
    auto t = M::walk(c);
    auto r = Objective::walk(c, t.y);
    if constexpr (Walk::use::what_for == purpose::train) M::walk_back(c, t, r.gradient);
    c.run(delivery{}, r.findings);
    return r.findings;
  }
};

}  // namespace typeformer
