// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The number of segments (token types) that a model distinguishes.
template <index_type N> struct segments {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

template <index_type Segments, index_type Width> struct segment_embedding_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index_type Segments, index_type Width> struct segment_embedding_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// y = x + table[segment]: the embedding of the text in its sequence that a token belongs to (Devlin et al. 2019,
/// arXiv:1810.04805, fig. 2).
///
/// x, y [rows][width]; table [segments][width]. Precondition: 0 ≤ segment < segments, checked by the forward pass. A
/// batch without segments has only segment 0.
template <class Segments = segments<2>> struct segment_embedding {
  static constexpr const char* name = "segment_embedding";
  static constexpr index_type segment_count = argument_value<segments<1>, Segments>;
  using checked_options = check_arguments<segment_embedding, expects<segments<1>, Segments>>;
  template <TokenRows In> using infer = In;

  template <class X> struct trace_of {
    X y;
    parameter<parameter_kind::table, segment_count, X::width> table;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    c.enter(name);
    const auto table =
        c.template param<parameter_kind::table, segment_count, X::width>(named_rows{"weight", segment_count});
    c.leave();
    const X y = c.template make<typename X::shape>(x);
    c.run(segment_embedding_operation<segment_count, X::width>{}, x, c.template input<token_segments, X::rows_are>(),
          table, out(y));
    return trace_of<X>{y, table};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    c.run(segment_embedding_back_operation<segment_count, X::width>{}, dy,
          c.template input<token_segments, X::rows_are>(), gradient_of(t.table));  // dx = dy
    return dy;
  }
};

}  // namespace typeformer
