// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/gradient_if_any.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/norm_options.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// The norms of a projection's rows: `count` of `width` columns each, whose weights are `step` apart among `weights`.
struct norm_extents {
  index_type count, width, weights, step;
};

/// Kind of the options that say which columns a norm of queries and keys takes together.
struct norm_extent;
/// Each head is normalized, and all heads of queries, as those of keys, share weights [head width] (Qwen3, Gemma 3).
struct over_each_head {
  using option_kind = norm_extent;
  static constexpr norm_extents of(index_type heads, index_type width) { return {heads, width, width, 0}; }
};
/// One norm over all columns of queries and one over those of keys, with weights [heads · head width] (OLMo 2).
struct over_the_projection {
  using option_kind = norm_extent;
  static constexpr norm_extents of(index_type heads, index_type width) { return {1, heads * width, heads * width, 0}; }
};
/// Each head is normalized with weights of its own, [heads · head width] (Cohere, StableLM).
struct own_weights_of_heads {
  using option_kind = norm_extent;
  static constexpr norm_extents of(index_type heads, index_type width) { return {heads, width, heads * width, width}; }
};

namespace detail {

/// Numbers that the backward pass needs for each norm of a row, and whether there are biases.
template <class Norm> struct head_norm {};
template <class... Options> struct head_norm<rms_norm<Options...>> {
  static constexpr index_type statistics = 1;
  static constexpr bool has_bias = false;
};
template <class... Options> struct head_norm<layer_norm<Options...>> {
  static constexpr index_type statistics = 2;
  static constexpr bool has_bias = layer_norm<Options...>::has_bias;
};

template <class Option, class Norm> constexpr auto checked_head_norm() {
  if constexpr (requires { head_norm<Norm>::statistics; }) return std::type_identity<typename Norm::checked_options>{};
  else return std::type_identity<error::wrong_template_argument<Norm, rms_norm<>, Option>>{};
}

}  // namespace detail

template <class Numbers, class Norm, class Over> struct query_key_norm_operation {
  static constexpr std::int64_t flops(std::int64_t rows) {
    return 8 * rows * (Numbers::query_width + Numbers::key_width);
  }
};
template <class Numbers, class Norm, class Over> struct query_key_norm_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) {
    return 14 * rows * (Numbers::query_width + Numbers::key_width);
  }
};

/// The norm of queries and keys, which are side by side in the rows of an attention.
template <class Norm, class Over, class Numbers> struct normed_queries_and_keys {
  using of_head = detail::head_norm<Norm>;
  static constexpr norm_extents of_queries = Over::of(Numbers::heads, Numbers::head_width),
                                of_keys = Over::of(Numbers::key_value_heads, Numbers::head_width);
  static constexpr index_type statistics_width = (of_queries.count + of_keys.count) * of_head::statistics;

  template <class Row, class QueryWeight, class KeyWeight, class QueryBias, class KeyBias> struct trace_of {
    Row y, x;
    ref<rows<Row::rows_are, statistics_width>> statistics;
    QueryWeight query_weight;
    KeyWeight key_weight;
    QueryBias query_bias;
    KeyBias key_bias;
  };

  template <class Walk, class Row> static constexpr auto walk(Walk& c, Row x) {
    auto query_weight = detail::norm_weight<Norm::gain, of_queries.weights>(c, "query_norm.weight");
    auto key_weight = detail::norm_weight<Norm::gain, of_keys.weights>(c, "key_norm.weight");
    auto query_bias = bias<of_queries.weights>(c, "query_norm.bias");
    auto key_bias = bias<of_keys.weights>(c, "key_norm.bias");
    const Row y = c.template make<typename Row::shape>(x);
    const auto statistics = c.template make<rows<Row::rows_are, statistics_width>>();
    c.run(query_key_norm_operation<Numbers, Norm, Over>{}, x, query_weight, query_bias, key_weight, key_bias, out(y),
          if_kept(statistics));
    return trace_of<Row, decltype(query_weight), decltype(key_weight), decltype(query_bias), decltype(key_bias)>{
        y, x, statistics, query_weight, key_weight, query_bias, key_bias};
  }
  template <class Walk, class Trace, class DRow> static constexpr DRow walk_back(Walk& c, Trace t, DRow dy) {
    const DRow dx = c.template make<typename DRow::shape>(dy);
    c.run(query_key_norm_back_operation<Numbers, Norm, Over>{}, t.x, t.statistics, t.query_weight, t.key_weight, dy,
          out(dx), detail::gradient_if_any(t.query_weight), detail::gradient_if_any(t.query_bias),
          detail::gradient_if_any(t.key_weight), detail::gradient_if_any(t.key_bias));
    return dx;
  }

 private:
  template <index_type Width, class Walk> static constexpr auto bias(Walk& c, const char* name) {
    if constexpr (of_head::has_bias) return c.template param<parameter_kind::vector, Width, 1>(named_rows{name, Width});
    else return nothing{};
  }
};

/// Option of `self_attention`: queries and keys are normalized before they are rotated, by `rms_norm<…>` or
/// `layer_norm<…>` (Henry et al. 2020, arXiv:2010.04245, which normalizes by length; with root mean square and weights:
/// Dehghani et al. 2023, arXiv:2302.05442, §2). `Over` says which columns are normalized together: `over_each_head`,
/// `over_the_projection` or `own_weights_of_heads`.
template <class Norm = rms_norm<>, class Over = over_each_head> struct query_key_norm {
  using option_kind = query_key_norm_option;
  using norm = Norm;
  template <class Numbers> using of = normed_queries_and_keys<Norm, Over, Numbers>;
  using checked_options = both_checks<typename decltype(detail::checked_head_norm<query_key_norm, Norm>())::type,
                                      check_arguments<query_key_norm, expects<norm_extent, Over>>>;
};
}  // namespace typeformer
