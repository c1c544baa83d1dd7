// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

template <index_type Width> struct zero_hidden_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// y = x for tokens that count, and 0 for padding and other hidden tokens, as the embeddings of DeBERTa (He et al. 2021,
/// arXiv:2006.03654, in its published code) and ESM-2 (Lin et al. 2023, in its published code) end.
///
/// x, y [rows][width]; no parameters. Rows of sequences are a mismatch.
struct zero_hidden_rows {
  static constexpr bool is_composition = true;  // no parameters to number
  template <TokenRows In> using infer = In;

  template <class X> struct trace_of {
    X y;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const X y = c.template make<typename X::shape>(x);
    c.run(zero_hidden_rows_operation<X::width>{}, x, out(y));
    return trace_of<X>{y};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace, DY dy, Scope) {
    const DY dx = c.template make<typename DY::shape>(dy);
    c.run(zero_hidden_rows_operation<DY::width>{}, dy, out(dx));  // dx = dy for tokens that count
    return dx;
  }
};

}  // namespace typeformer
