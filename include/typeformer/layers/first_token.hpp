// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

template <index_type Width> struct first_token_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <index_type Width> struct first_token_back_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// y = the row of each sequence's first token that is not padding, which represents the sequence (Devlin et al. 2019,
/// arXiv:1810.04805, §3: `[CLS]`).
///
/// x [rows][width], y [sequences][width]. The row of a sequence without a valid token is 0. Rows of sequences are a
/// mismatch.
struct first_token {
  static constexpr bool is_composition = true;  // no parameters to number
  template <TokenRows In> using infer = sequence_rows<In::width>;

  template <class X> struct trace_of {
    ref<sequence_rows<X::width>> y;
    X x;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto y = c.template make<sequence_rows<X::width>>();
    c.run(first_token_operation<X::width>{}, x, out(y));
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr X walk_back(Walk& c, trace_of<X>, DY dy, Scope) {
    const X dx = c.template make<typename X::shape>();
    c.run(first_token_back_operation<X::width>{}, dy, out(dx));  // y copies one row: dx is zero in the others
    return dx;
  }
};

}  // namespace typeformer
