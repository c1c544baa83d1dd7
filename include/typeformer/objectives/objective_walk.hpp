// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/model.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Through a model to the loss of an objective, and back when the use trains; the caller reads the loss.
template <Model M, class Objective> struct objective_walk {
  template <class Context> static constexpr auto walk(Context& c) {
    auto t = M::walk(c);
    auto scored = Objective::walk(c, t.y);
    if constexpr (Context::use::what_for == purpose::train) M::walk_back(c, t, scored.gradient);
    c.run(delivery{}, scored.loss);
    return scored.loss;
  }
};

}  // namespace typeformer
