// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/unread_entries.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/attention_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/disentangled_operations.hpp>
#include <typeformer/layers/distance_embedding.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

namespace detail {

template <class Attention, class In, class Scope> constexpr auto inferred_disentangled_attention() {
  using unread = without_entries<Attention, In, Scope, passes::rotary, passes::position_bias>;
  if constexpr (!Shape<unread>) return unread{};
  else if constexpr (has_entry<passes::recurrence, Scope>)
    return error::layer_knows_nothing_of_earlier_segments<Attention>{};
  else if constexpr (Attention::head_count <= 0 || In::width % Attention::head_count != 0)
    return error::attention_width_is_not_a_multiple_of_heads<width<In::width>, heads<Attention::head_count>,
                                                             Attention>{};
  else return In{};
}

}  // namespace detail

/// Attention whose scores are sums of products of contents and of distances: s · (q_i k_j + q_i a_d + k_j b_d), where a
/// and b are keys and queries of the distance i − j, projected from the vectors of a `distance_embedding` before it (He
/// et al. 2021, arXiv:2006.03654, eq. 4). Every token sees all tokens. A hidden token sees every token alike, as in the
/// published code.
///
/// x, y [rows][width]. Options: `heads<H>`; `score_scale<s>` (1/√(3E) otherwise, with heads of width E);
/// `shared_distance_projections`: a and b come from the projections of keys and queries (DeBERTa-v2);
/// `without_distance_keys`, `without_distance_queries`. Without a `distance_embedding` there is neither. Cost: 8 · width²
/// FLOPs per row, 8 · width for each pair of tokens, and the projections of 2 · span vectors.
template <class... Options> struct disentangled_attention {
  static constexpr index_type head_count = chosen<heads<1>, Options...>::value;
  static constexpr bool sees_later_tokens = true,
                        shares_projections = has_option<shared_distance_projections, Options...>;
  using checked_options = check_options<disentangled_attention,
                                        known_options<heads<1>, score_scale<1.0>, shared_distance_projections,
                                                      without_distance_keys, without_distance_queries>,
                                        Options...>;
  template <TokenRows In, class Scope>
  using infer = decltype(detail::inferred_disentangled_attention<disentangled_attention, In, Scope>());

  template <index_type Width, class Scope>
  using numbers =
      disentangled_numbers<head_count, Width / head_count,
                           chosen<score_scale<1 / math::sqrt(3 * double(Width / head_count))>, Options...>::value,
                           entry_for<passes::distances, Scope>, shares_projections,
                           !has_option<without_distance_keys, Options...>,
                           !has_option<without_distance_queries, Options...>>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    using n = numbers<X::width, Scope>;
    constexpr index_type e = X::width;
    const auto weight = c.template param<parameter_kind::matrix, 3 * e, e>(
        named_rows{"query.weight", e}, named_rows{"key.weight", e}, named_rows{"value.weight", e});
    auto projection = affine<e, 3 * e, true>::walk(
        c, x, weight,
        c.template param<parameter_kind::vector, 3 * e, 1>(named_rows{"query.bias", e}, named_rows{"key.bias", e},
                                                           named_rows{"value.bias", e}));
    auto distances = project_distances<n>(c, projection, s);
    const auto mixed = c.template make<rows<X::rows_are, e>>();
    const auto log_sum_exp = c.template make<rows<X::rows_are, head_count>>();
    c.run(disentangled_attention_operation<n>{}, projection.y, distances.y, row_numbers(s), out(mixed),
          if_kept(log_sum_exp));
    if constexpr (Walk::use::observes_attention) {
      const auto seen = c.template make<rows<X::rows_are, n::heads * Walk::use::reserved.tokens_of(X::rows_are)>>();
      c.run(disentangled_probabilities_operation<n>{}, projection.y, distances.y, row_numbers(s), log_sum_exp,
            out(seen));
      c.observe(observation::attention_probabilities, seen);
      c.observe(observation::query_key_value, projection.y);
    }
    c.observe(observation::head_outputs, mixed);
    const auto output_weight = c.template param<parameter_kind::matrix, e, e>(named_rows{"output.weight", e});
    auto output = affine<e, e, true>::walk(
        c, mixed, output_weight, c.template param<parameter_kind::vector, e, 1>(named_rows{"output.bias", e}));
    return trace<decltype(projection), decltype(distances), decltype(output), n>{output.y, projection,  distances,
                                                                                 mixed,    log_sum_exp, output};
  }

  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    using n = typename Trace::numbers;
    constexpr index_type e = DY::width;
    const auto dmixed = affine<e, e, true>::walk_back(c, t.output, dy);
    const auto drow = c.template make<rows<DY::rows_are, 3 * e>>();
    if constexpr (n::has_distances) {
      using vectors = decltype(t.distances.y);
      const auto dvectors = c.template make<typename vectors::shape>();
      c.run(disentangled_attention_back_operation<n>{}, t.projection.y, t.distances.y, row_numbers(s), t.mixed,
            t.log_sum_exp, dmixed, out(drow), out(dvectors));
      const auto passed = value_for<passes::distances>(s);
      const auto scratch = c.template make<typename decltype(passed.vectors)::shape>();
      c.run(project_vectors_back_operation<n>{}, passed.vectors, t.distances.weight, dvectors, acc(passed.gradient),
            gradient_of(t.distances.weight), gradient_of(t.distances.bias), out(scratch));
    } else {
      c.run(disentangled_attention_back_operation<n>{}, t.projection.y, nothing{}, nothing{}, t.mixed, t.log_sum_exp,
            dmixed, out(drow), nothing{});
    }
    return affine<e, 3 * e, true>::walk_back(c, t.projection, drow);
  }

 private:
  template <class Projection, class Distances, class Output, class Numbers> struct trace {
    using numbers = Numbers;
    decltype(Output::y) y;
    Projection projection;
    Distances distances;
    ref<rows<decltype(Output::y)::rows_are, Numbers::width>> mixed;
    ref<rows<decltype(Output::y)::rows_are, head_count>> log_sum_exp;
    Output output;
  };
  template <class Y, class Weight, class Bias> struct distance_trace {
    Y y;
    Weight weight;
    Bias bias;
  };
  struct no_distances {
    nothing y{};
  };

  template <class Scope> static constexpr auto row_numbers(Scope s) {
    if constexpr (has_entry<passes::distances, Scope>) return value_for<passes::distances>(s).row_of;
    else return nothing{};
  }

  template <class N, class Walk, class Weight, class Bias, class Scope>
  static constexpr auto projected(Walk& c, Weight weight, Bias bias, Scope s) {
    const auto y = c.template make<rows<axis::once, N::distance_count * N::distance_width>>();
    c.run(project_vectors_operation<N>{}, value_for<passes::distances>(s).vectors, weight, bias, out(y));
    return distance_trace<std::remove_const_t<decltype(y)>, Weight, Bias>{y, weight, bias};
  }
  /// Keys and queries of all distances, by the projections of contents or by their own.
  template <class N, class Walk, class Projection, class Scope>
  static constexpr auto project_distances(Walk& c, Projection projection, Scope s) {
    constexpr index_type e = N::width, w = N::distance_width;
    if constexpr (!N::has_distances) return no_distances{};
    else if constexpr (shares_projections) return projected<N>(c, projection.weight, projection.bias, s);
    else if constexpr (N::has_distance_keys && N::has_distance_queries) {
      const auto weight = c.template param<parameter_kind::matrix, w, e>(named_rows{"distance_query.weight", e},
                                                                         named_rows{"distance_key.weight", e});
      return projected<N>(c, weight,
                          c.template param<parameter_kind::vector, w, 1>(named_rows{"distance_query.bias", e},
                                                                         named_rows{"distance_key.bias", e}),
                          s);
    } else {
      constexpr bool of_keys = N::has_distance_keys;
      const auto weight = c.template param<parameter_kind::matrix, w, e>(
          named_rows{of_keys ? "distance_key.weight" : "distance_query.weight", e});
      return projected<N>(c, weight,
                          c.template param<parameter_kind::vector, w, 1>(
                              named_rows{of_keys ? "distance_key.bias" : "distance_query.bias", e}),
                          s);
    }
  }
};

}  // namespace typeformer
