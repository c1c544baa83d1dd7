// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/position_bias.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// ALiBi's slopes are multiplied by this factor. Falcon adds ALiBi before scores are scaled: it has that of the scores.
template <number F> struct slope_factor {
  static constexpr double value = F.value;
  static constexpr bool in_range = value >= -largest_number && value <= largest_number;
};
/// The slope of ALiBi's last head is 2^−N if their number is a power of two (8 in the paper; `alibi_bias_max` of
/// Hugging Face's MPT).
template <index_type N> struct bias_exponent {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};

template <index_type Heads, axis RowsAre, index_type Exponent = 8, number Factor = 1.0> struct alibi_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// Adds −slope · |key position − query position| to every score. Each head has its own slope: 2^(−8h/H) for heads h = 1
/// … H if H is a power of two; otherwise the remaining heads have slopes between them, from the next power of two
/// (Press, Smith, Lewis 2022, arXiv:2108.12409, §3). If keys may come after the query, the distance counts in both
/// directions. The stream passes unchanged. Options: `slope_factor<f>`, by which slopes are multiplied (1);
/// `bias_exponent<N>` in place of 8.
template <class Context, class Heads, class... Options> struct alibi_positions {
  static constexpr const char* name = "alibi_positions";
  static constexpr bool positions_move = true;
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              head_count = argument_value<heads<1>, Heads>;
  using checked_options =
      both_checks<check_arguments<alibi_positions, expects<typeformer::context<1>, Context>, expects<heads<1>, Heads>>,
                  check_options<alibi_positions, known_options<slope_factor<1.0>, bias_exponent<8>>, Options...>>;
  template <TokenRows In> using infer = In;

  template <class In> using passes_down = position_bias<head_count, In::rows_are, true>;

  template <class X, class Passed> struct trace_of {
    X y;
    Passed passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using bias = typename passes_down<typename X::shape>::template value<typename Walk::use>;
    const auto table = c.template make<typename decltype(bias::table)::shape>();
    c.run(alibi_operation<head_count, X::rows_are, chosen<bias_exponent<8>, Options...>::value,
                          chosen<slope_factor<1.0>, Options...>::value>{},
          out(table));
    return trace_of<X, bias>{x, bias{table, {}}};
  }
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
