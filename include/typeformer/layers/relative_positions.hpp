// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

/// Says up to how many tokens a model reads at once whose attentions know distances by themselves, as
/// `transformer_xl_attention` does. The stream goes through unchanged.
///
/// With `memory_length<M>` text comes in segments, and attention also sees the last M tokens of those before (Dai et al.
/// 2019, arXiv:1901.02860, §3.2): a session then never runs full, and a learner goes on where the batch before ended.
template <class Context, class Memory = memory_length<0>> struct relative_positions {
  static constexpr const char* name = "relative_positions";
  static constexpr index context = Context::value, memory_length = Memory::value;
  template <class In> using infer = In;

  template <class Scope> static constexpr auto inside(Scope s) {
    if constexpr (memory_length > 0) return with_recurrence(s, segment_recurrence{});
    else return s;
  }
  template <class Scope> using scope_below = decltype(inside(Scope{}));

  template <class X, class Scope> struct trace_of {
    X y;
    Scope scope;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk&, X x, Scope s) {
    return trace_of<X, scope_below<Scope>>{x, inside(s)};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
