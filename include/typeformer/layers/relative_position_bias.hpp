// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/position_bias.hpp>
#include <typeformer/reference/relative_position_bucket.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The number of buckets for distances.
template <index_type N> struct buckets {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0;
};
/// All distances from this one on are in the last bucket.
template <index_type N> struct maximum_distance {
  static constexpr index_type value = N;
  static constexpr bool in_range = N >= 0;
};

/// `axis` is that of the tokens between which the distances are measured.
template <distance_buckets Buckets, index_type Heads, axis RowsAre> struct relative_position_bias_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <distance_buckets Buckets, index_type Heads, axis RowsAre> struct relative_position_bias_back_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// Adds a number to every score that depends on the head and on the distance of the key from the query:
/// weight[bucket][head] (Raffel et al. 2020, arXiv:1910.10683, §2.1). It is one parameter for the whole stack: the
/// attentions after it share it, and the gradient is the sum over them. The stream passes unchanged.
///
/// weight [buckets][heads]. Options: `heads<H>`, `buckets<N>` (32), `maximum_distance<D>` (128), `context<C>`, and
/// `bidirectional` if keys may come after the query. Fewer than two buckets per direction, or buckets whose nearer half
/// reaches the maximum distance, are a mismatch.
template <class Context, class... Options> struct relative_position_bias {
  static constexpr const char* name = "position_bias";
  static constexpr bool positions_move = true;
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>,
                              head_count = chosen<heads<1>, Options...>::value;
  static constexpr distance_buckets distances_in{chosen<buckets<32>, Options...>::value,
                                                 chosen<maximum_distance<128>, Options...>::value,
                                                 has_option<bidirectional, Options...>};
  using checked_options = both_checks<
      both_checks<
          check_arguments<relative_position_bias, expects<typeformer::context<1>, Context>>,
          check_options<relative_position_bias,
                        known_options<heads<1>, buckets<1>, maximum_distance<1>, causal, bidirectional>, Options...>>,
      std::conditional_t<
          distances_in.are_possible(), nothing,
          error::distances_do_not_fit_their_buckets<
              buckets<distances_in.count>, maximum_distance<distances_in.maximum_distance>, relative_position_bias>>>;
  template <TokenRows In> using infer = In;

  template <class In>
  using passes_down = position_bias<head_count, In::rows_are, has_option<bidirectional, Options...>,
                                    parameter<parameter_kind::table, distances_in.count, head_count>,
                                    relative_position_bias_back_operation<distances_in, head_count, In::rows_are>>;

  template <class X, class Passed> struct trace_of {
    X y;
    Passed passed;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using bias = typename passes_down<typename X::shape>::template value<typename Walk::use>;
    c.enter(name);
    const auto weight = c.template param<parameter_kind::table, distances_in.count, head_count>(
        named_rows{"weight", distances_in.count});
    c.leave();
    const auto table = c.template make<typename decltype(bias::table)::shape>();
    c.run(relative_position_bias_operation<distances_in, head_count, X::rows_are>{}, weight, out(table));
    return trace_of<X, bias>{x, bias{table, weight}};
  }
  /// The backward pass of the attentions has already added the gradient of the weight.
  template <class Walk, class Trace, class DY, class Scope> static constexpr DY walk_back(Walk&, Trace, DY dy, Scope) {
    return dy;
  }
};

}  // namespace typeformer
