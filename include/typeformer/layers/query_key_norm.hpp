// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/option_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/layer_norm.hpp>
#include <typeformer/layers/rms_norm.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace detail {

/// Numbers that the backward pass needs for each head's row, and whether there are biases.
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

template <class Numbers, class Norm> struct query_key_norm_operation {
  static constexpr std::int64_t flops(std::int64_t rows) {
    return 8 * rows * (Numbers::query_width + Numbers::key_width);
  }
};
template <class Numbers, class Norm> struct query_key_norm_back_operation {
  static constexpr std::int64_t flops(std::int64_t rows) {
    return 14 * rows * (Numbers::query_width + Numbers::key_width);
  }
};

/// The norm of queries and keys, which are side by side in the rows of an attention.
template <class Norm, class Numbers> struct normed_queries_and_keys {
  using of_head = detail::head_norm<Norm>;
  static constexpr index_type head_count = Numbers::heads + Numbers::key_value_heads;

  template <class Row, class Weight, class Bias> struct trace_of {
    Row y, x;
    ref<rows<Row::rows_are, head_count * of_head::statistics>> statistics;
    Weight query_weight, key_weight;
    Bias query_bias, key_bias;
  };

  template <class Walk, class Row> static constexpr auto walk(Walk& c, Row x) {
    auto query_weight = vector(c, "query_norm.weight"), key_weight = vector(c, "key_norm.weight");
    auto query_bias = bias(c, "query_norm.bias"), key_bias = bias(c, "key_norm.bias");
    const Row y = c.template make<typename Row::shape>(x);
    const auto statistics = c.template make<rows<Row::rows_are, head_count * of_head::statistics>>();
    c.run(query_key_norm_operation<Numbers, Norm>{}, x, query_weight, query_bias, key_weight, key_bias, out(y),
          if_kept(statistics));
    return trace_of<Row, decltype(query_weight), decltype(query_bias)>{y,          x,          statistics, query_weight,
                                                                       key_weight, query_bias, key_bias};
  }
  template <class Walk, class Trace, class DRow> static constexpr DRow walk_back(Walk& c, Trace t, DRow dy) {
    const DRow dx = c.template make<typename DRow::shape>(dy);
    if constexpr (of_head::has_bias)
      c.run(query_key_norm_back_operation<Numbers, Norm>{}, t.x, t.statistics, t.query_weight, t.key_weight, dy,
            out(dx), gradient_of(t.query_weight), gradient_of(t.query_bias), gradient_of(t.key_weight),
            gradient_of(t.key_bias));
    else
      c.run(query_key_norm_back_operation<Numbers, Norm>{}, t.x, t.statistics, t.query_weight, t.key_weight, dy,
            out(dx), gradient_of(t.query_weight), nothing{}, gradient_of(t.key_weight), nothing{});
    return dx;
  }

 private:
  template <class Walk> static constexpr auto vector(Walk& c, const char* name) {
    return c.template param<parameter_kind::vector, Numbers::head_width, 1>(named_rows{name, Numbers::head_width});
  }
  template <class Walk> static constexpr auto bias(Walk& c, const char* name) {
    if constexpr (of_head::has_bias) return vector(c, name);
    else return nothing{};
  }
};

/// Option of `self_attention`: each head's queries and keys are normalized before they are rotated, by `rms_norm<…>` or
/// `layer_norm<…>`, with weights [head width] that all heads of a kind share (Henry et al. 2020, arXiv:2010.04245,
/// which normalizes by length; with root mean square and weights: Dehghani et al. 2023, arXiv:2302.05442, §2).
template <class Norm = rms_norm<>> struct query_key_norm {
  using option_kind = query_key_norm_option;
  using norm = Norm;
  template <class Numbers> using of = normed_queries_and_keys<Norm, Numbers>;
  using checked_options = typename decltype(detail::checked_head_norm<query_key_norm, Norm>())::type;
};
}  // namespace typeformer
