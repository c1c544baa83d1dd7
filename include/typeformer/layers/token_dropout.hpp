// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The id that stands for a token to predict.
template <index_type Id> struct mask_token {
  static constexpr index_type value = Id;
  static constexpr bool in_range = Id >= 0;
};

template <index_type Width, index_type MaskToken> struct token_dropout_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

/// y = x · (1 − 0.15 · 0.8) / (1 − m), and 0 for tokens to predict, where m is their share of the sequence's tokens: the
/// stream then has the same mean for any share as for the one of pre-training (ESM-2, Lin et al. 2023, in its published
/// code). It comes after the embedding, and drops nothing at random.
///
/// x, y [rows][width]; no parameters. Cost: width FLOPs per row.
template <class MaskToken> struct token_dropout {
  static constexpr bool sees_later_tokens = true;  // it counts them
  using checked_options = check_arguments<token_dropout, expects<mask_token<0>, MaskToken>>;
  template <TokenRows In> using infer = In;
  template <index_type Width>
  using operation = token_dropout_operation<Width, argument_value<mask_token<0>, MaskToken>>;

  template <class X> struct trace_of {
    X y;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    return trace_of<X>{scaled(c, x)};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace, DY dy, Scope) {
    return scaled(c, dy);  // each row has one factor
  }

 private:
  template <class Walk, class X> static constexpr X scaled(Walk& c, X x) {
    const X y = c.template make<typename X::shape>(x);
    c.run(operation<X::width>{}, x, c.template input<token_ids, X::rows_are>(), out(y));
    return y;
  }
};

}  // namespace typeformer
