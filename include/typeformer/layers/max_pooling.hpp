// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/observations.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

template <index_type Width> struct max_pooling_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
template <index_type Width> struct max_pooling_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// y = the largest number of each column over the tokens of a sequence, without padding and other hidden tokens: one
/// vector for each sequence (Reimers, Gurevych 2019, arXiv:1908.10084, §3).
///
/// x [rows][width], y [sequences][width]. The row of a sequence without a valid token is 0. Rows of sequences are a
/// mismatch. The gradient goes to the first of equal numbers. Cost: width FLOPs per row.
struct max_pooling {
  static constexpr bool is_composition = true;  // no parameters to number
  template <TokenRows In> using infer = sequence_rows<In::width>;

  template <class X> struct trace_of {
    ref<sequence_rows<X::width>> y;
    X x;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto y = c.template make<sequence_rows<X::width>>();
    c.run(max_pooling_operation<X::width>{}, x, out(y));
    c.observe(observation::pooled, y);
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr X walk_back(Walk& c, trace_of<X> t, DY dy, Scope) {
    const X dx = c.template make<typename X::shape>();
    c.run(max_pooling_back_operation<X::width>{}, t.x, dy, out(dx));
    return dx;
  }
};

}  // namespace typeformer
