// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/named.hpp>
#include <typeformer/contract/observations.hpp>

namespace typeformer {

/// `Norm` after the last block of a stack, named `final_norm`. What it gives is what observers see as the final hidden
/// state, with any head after it, or none.
template <class Norm> struct final_norm : named<"final_norm", Norm> {
  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    auto trace = named<"final_norm", Norm>::walk(c, x, s);
    c.observe(observation::final_hidden_state, trace.y);
    return trace;
  }
};

}  // namespace typeformer
