// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/gradient_if_any.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/reference/disentangled_attention_call.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

template <index_type Rows, index_type Width, number Epsilon> struct distance_vectors_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 8 * Rows * Width; }
};
template <index_type Rows, index_type Width, number Epsilon> struct distance_vectors_back_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 14 * Rows * Width; }
};

/// The row of every distance between the tokens of a sequence.
template <distance_rows Rows> struct distance_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};

/// What `distance_embedding` passes down: a vector for each row of distances, [2 · span][width], the row of each distance,
/// and where the gradient of the vectors accumulates.
template <distance_rows Rows, index_type Width, axis RowsAre> struct distance_vectors {
  using key = passes::distances;
  static constexpr distance_rows rows_of = Rows;
  static constexpr index_type count = 2 * Rows.span(), width = Width;
  using table = ref<rows<axis::once, count * Width>>;
  template <class Use>
  using row_numbers = ref<rows<axis::once, 2 * Use::reserved.tokens_of(RowsAre) - 1>, std::int32_t>;
  template <class Use> struct value {
    table vectors{};
    row_numbers<Use> row_of{};
    std::conditional_t<Use::what_for == purpose::train, table, nothing> gradient{};
  };
};

/// A learned vector for each distance between two tokens, from which the `disentangled_attention`s after it make further
/// keys and queries: one table for all layers (He et al. 2021, arXiv:2006.03654, §3.1). The stream passes unchanged.
///
/// weight [2 · span][width]. Options: `maximum_distance<D>` (512); `buckets<N>`, by which distances beyond N/2 share
/// rows up to D, so that the span is N in place of D; `epsilon<ε>`, with which the vectors pass a layer norm (DeBERTa-v2,
/// in its published code). Buckets that reach the maximum distance are a mismatch.
template <class Context, class... Options> struct distance_embedding {
  static constexpr const char* name = "distance_embedding";
  static constexpr index_type context = argument_value<typeformer::context<1>, Context>;
  static constexpr distance_rows rows_of{chosen<buckets<0>, Options...>::value,
                                         chosen<maximum_distance<512>, Options...>::value};
  static constexpr bool has_norm = gives_option<epsilon<0.0>, Options...>;
  static constexpr double epsilon_value = chosen<epsilon<0.0>, Options...>::value;
  using checked_options = both_checks<
      both_checks<
          check_arguments<distance_embedding, expects<typeformer::context<1>, Context>>,
          check_options<distance_embedding, known_options<maximum_distance<1>, buckets<1>, epsilon<0.0>>, Options...>>,
      std::conditional_t<rows_of.are_possible(), nothing,
                         error::distances_do_not_fit_their_buckets<
                             buckets<rows_of.buckets>, maximum_distance<rows_of.farthest>, distance_embedding>>>;
  template <TokenRows In> using infer = In;
  template <class In> using passes_down = distance_vectors<rows_of, In::width, In::rows_are>;

  template <class X, class Passed, class Weight, class Gain> struct trace_of {
    X y;
    Passed passed;
    ref<rows<axis::once, 4 * rows_of.span()>> statistics;
    Weight weight;
    Gain gain, bias;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using entry = passes_down<typename X::shape>;
    constexpr index_type count = entry::count, width = X::width;
    using value = typename entry::template value<typename Walk::use>;
    c.enter(name);
    const auto weight = c.template param<parameter_kind::table, count, width>(named_rows{"weight", count});
    c.enter("norm");
    const auto vector_if_normed = [&](const char* of) {
      if constexpr (has_norm) return c.template param<parameter_kind::vector, width, 1>(named_rows{of, width});
      else return nothing{};
    };
    const auto gain = vector_if_normed("weight"), bias = vector_if_normed("bias");
    c.leave();
    c.leave();
    value passed{c.template make<typename entry::table::shape>(), {}, {}};
    passed.row_of = c.template make<typename decltype(value::row_of)::shape, std::int32_t>();
    c.run(distance_rows_operation<rows_of>{}, out(passed.row_of));
    const auto statistics = c.template make<rows<axis::once, 2 * count>>();
    c.run(distance_vectors_operation<count, width, epsilon_value>{}, weight, gain, bias, out(passed.vectors),
          if_kept(statistics));
    if constexpr (Walk::use::what_for == purpose::train) {
      passed.gradient = c.template make<typename entry::table::shape>();
      c.run(clear_operation{}, out(passed.gradient));
    }
    return trace_of<X, value, std::remove_const_t<decltype(weight)>, std::remove_const_t<decltype(gain)>>{
        x, passed, statistics, weight, gain, bias};
  }
  /// The attentions have added what they know to the gradient of the vectors.
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr DY walk_back(Walk& c, Trace t, DY dy, Scope) {
    using entry = passes_down<typename DY::shape>;
    c.run(distance_vectors_back_operation<entry::count, DY::width, epsilon_value>{}, t.weight, t.statistics, t.gain,
          acc(t.passed.gradient), gradient_of(t.weight), detail::gradient_if_any(t.gain),
          detail::gradient_if_any(t.bias));
    return dy;
  }
};

}  // namespace typeformer
