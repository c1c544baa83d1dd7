// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// y = the mean of the rows of `Count` valid tokens of each sequence, the first of which is number `First`.
template <index_type Width, index_type First, index_type Count> struct first_token_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t) {
    return Count > 1 ? Count * sequences * Width : 0;
  }
};
template <index_type Width, index_type First, index_type Count> struct first_token_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t) {
    return Count > 1 ? Count * sequences * Width : 0;
  }
};

/// y = the mean of the rows of `Count` tokens of each sequence that are not padding, from number `First` on: one vector
/// for each sequence. With class and distillation token, `first_tokens<0, 2>` is the mean of both (Gong et al. 2021,
/// arXiv:2104.01778, §2.2).
///
/// x [rows][width], y [sequences][width]. Tokens that a sequence does not have count as rows of zeros. Rows of sequences
/// are a mismatch.
template <index_type First, index_type Count> struct first_tokens {
  static_assert(First >= 0 && Count > 0, "typeformer: first_tokens<First, Count> reads at least one token");
  static constexpr bool is_composition = true;  // no parameters to number
  template <TokenRows In> using infer = sequence_rows<In::width>;

  template <class X> struct trace_of {
    ref<sequence_rows<X::width>> y;
    X x;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    const auto y = c.template make<sequence_rows<X::width>>();
    c.run(first_token_operation<X::width, First, Count>{}, x, out(y));
    return trace_of<X>{y, x};
  }
  template <class Walk, class X, class DY, class Scope>
  static constexpr X walk_back(Walk& c, trace_of<X>, DY dy, Scope) {
    const X dx = c.template make<typename X::shape>();
    c.run(first_token_back_operation<X::width, First, Count>{}, dy, out(dx));  // dx is zero in the other rows
    return dx;
  }
};

/// y = the row of each sequence's first token that is not padding, which represents the sequence (Devlin et al. 2019,
/// arXiv:1810.04805, §3: `[CLS]`).
///
/// x [rows][width], y [sequences][width]. The row of a sequence without a valid token is 0. Rows of sequences are a
/// mismatch.
struct first_token : first_tokens<0, 1> {};

}  // namespace typeformer
