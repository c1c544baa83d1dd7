// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// What `relative_positions` with a memory passes down: attention also sees tokens of earlier segments.
template <index_type MemoryLength> struct segment_recurrence {
  using key = passes::recurrence;
  static constexpr index_type memory_length = MemoryLength;
  template <class Use> using value = nothing;
};

/// Declares the most tokens that a model reads at once if its attentions compute distances themselves, as
/// `transformer_xl_attention` does. The stream passes unchanged.
///
/// With `memory_length<M>` text comes in segments, and attention also sees the last M tokens of earlier segments (Dai
/// et al. 2019, arXiv:1901.02860, §3.2). A session then never runs full, and a training pass continues where the
/// previous batch ended.
template <class Context, class Memory = memory_length<0>> struct relative_positions {
  static constexpr const char* name = "relative_positions";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              memory_length = argument_value<typeformer::memory_length<0>, Memory>;
  using checked_options = check_arguments<relative_positions, expects<typeformer::context<1>, Context>,
                                          expects<typeformer::memory_length<0>, Memory>>;
  template <TokenRows In> using infer = In;

  template <class In>
  using passes_down = std::conditional_t<(memory_length > 0), segment_recurrence<memory_length>, nothing>;

  template <class X> struct trace_of {
    X y;
    [[no_unique_address]] nothing passed{};
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk&, X x, Scope) { return trace_of<X>{x}; }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
