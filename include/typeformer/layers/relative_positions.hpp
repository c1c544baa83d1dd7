// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>

namespace typeformer {

/// Says up to how many tokens a model reads whose attentions know distances by themselves, as `transformer_xl_attention`
/// does. The stream goes through unchanged.
template <class Context> struct relative_positions {
  static constexpr const char* name = "relative_positions";
  static constexpr index context = Context::value;
  template <class In> using infer = In;

  template <class X> struct trace_of {
    X y;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk&, X x, Scope) { return trace_of<X>{x}; }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
