// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/unread_entries.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/relative_position_bias.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/reference/shaw_attention_call.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// The static numbers of an attention with vectors of distances: [queries
///
/// keys
///
/// values] are side by side in one row.
template <index_type Heads, index_type HeadWidth, index_type Reach, number Scale, class Mask>
struct shaw_attention_numbers {
  static constexpr index_type heads = Heads, head_width = HeadWidth, reach = Reach, width = Heads * HeadWidth,
                              row_width = 3 * width;
  static constexpr double scale = Scale.value;
  using mask = Mask;

  /// Scores and weighted sums over the pairs that the mask allows, and over pairs of queries and distances.
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    const std::int64_t pairs = std::is_same_v<Mask, bidirectional> ? tokens * tokens : tokens * (tokens + 1) / 2;
    return 4 * sequences * (pairs + tokens * (2 * reach + 1)) * width;
  }
};

template <class Numbers> struct cache_shaw_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Numbers> struct shaw_attention_operation : Numbers {};
template <class Numbers> struct cached_shaw_attention_operation : Numbers {};
template <class Numbers> struct shaw_attention_probabilities_operation : Numbers {};
template <class Numbers> struct shaw_attention_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    return 5 * Numbers::flops(sequences, tokens) / 2;
  }
};

namespace detail {

/// Scratch of the kernels for sequences of this kind.
template <class Numbers> constexpr index_type shaw_scratch(const capacities& reserved, axis rows_are) {
  const index_type tokens = reserved.tokens_of(rows_are), context = rows_are == axis::source ? 0 : reserved.context;
  return shaw_attention_scratch(Numbers::heads, Numbers::head_width, Numbers::reach,
                                context > tokens ? context : tokens);
}

template <class Attention, class In, class Scope> constexpr auto inferred_shaw_attention() {
  using unread = without_entries<Attention, In, Scope, passes::rotary, passes::position_bias>;
  if constexpr (!Shape<unread>) return unread{};
  else if constexpr (has_entry<passes::recurrence, Scope>)
    return error::layer_knows_nothing_of_earlier_segments<Attention>{};
  else if constexpr (Attention::head_count <= 0 ||
                     (Attention::given_head_width == 0 && In::width % Attention::head_count != 0))
    return error::attention_width_is_not_a_multiple_of_heads<width<In::width>, heads<Attention::head_count>,
                                                             Attention>{};
  else return In{};
}

}  // namespace detail

/// Attention that adds to every key and every value a learned vector that depends on the distance from the query: y_i =
/// Σ_j softmax_j(s · q_i (k_j + aᴷ_{j−i})) (v_j + aⱽ_{j−i}) (Shaw, Uszkoreit, Vaswani 2018, arXiv:1803.02155, eq. 3–4).
/// Distances are clipped; all heads share the vectors (§3.2–3.3).
///
/// x, y [rows][width]; aᴷ, aⱽ [2D + 1][E]. Options: `heads<H>`; `head_width<E>` (width / H otherwise);
/// `maximum_distance<D>` (16), to which distances are clipped; `causal` or `bidirectional`; `without_bias`;
/// `score_scale<s>` (1/√E otherwise). A width that H does not divide is a mismatch. Cost: 8 · width · H · E FLOPs per
/// row, 4 · H · E for each pair of query and key that the mask allows, and for each pair of query and distance. Scratch
/// of 64 · H · (tokens + 2D + 1) + 2 · H · (2D + 1) · E scalars in addition to the buffers.
template <class... Options> struct shaw_attention {
  static constexpr index_type head_count = chosen<heads<1>, Options...>::value;
  static constexpr index_type given_head_width = chosen<head_width<0>, Options...>::value;
  static constexpr index_type reach = chosen<maximum_distance<16>, Options...>::value;
  static constexpr bool has_bias = !has_option<without_bias, Options...>;
  using mask = chosen<causal, Options...>;
  static constexpr bool sees_later_tokens = std::is_same_v<mask, bidirectional>;
  template <index_type Width>
  static constexpr index_type width_of_head = given_head_width ? given_head_width : Width / head_count;
  using checked_options = check_options<shaw_attention,
                                        known_options<heads<1>, head_width<1>, maximum_distance<1>, causal,
                                                      bidirectional, with_bias, without_bias, score_scale<1.0>>,
                                        Options...>;
  template <TokenRows In, class Scope>
  using infer = decltype(detail::inferred_shaw_attention<shaw_attention, In, Scope>());

  template <index_type Width>
  using numbers =
      shaw_attention_numbers<head_count, width_of_head<Width>, reach,
                             chosen<score_scale<1 / math::sqrt(double(width_of_head<Width>))>, Options...>::value,
                             mask>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using n = numbers<X::width>;
    auto projection = project<n::width>(c, x);
    auto of_keys = vectors<n>(c, "distance_key.weight"), of_values = vectors<n>(c, "distance_value.weight");
    const auto mixed = c.template make<rows<X::rows_are, n::width>>();
    const auto log_sum_exp = c.template make<rows<X::rows_are, head_count>>();
    attend<n>(c, projection.y, of_keys, of_values, mixed, log_sum_exp);
    c.observe(observation::head_outputs, mixed);
    auto output = project_back<X::width>(c, mixed);
    return trace<decltype(projection), decltype(of_keys), decltype(output), n>{
        output.y, projection, of_keys, of_values, mixed, log_sum_exp, output};
  }

  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    using n = typename Trace::numbers;
    const auto dmixed = affine<n::width, DY::width, has_bias>::walk_back(c, t.output, dy);
    const auto drow = c.template make<rows<DY::rows_are, n::row_width>>();
    const auto scratch = c.template make<scratch_of<Walk, DY, n>>();
    c.run(shaw_attention_back_operation<n>{}, t.projection.y, t.of_keys, t.of_values, t.mixed, t.log_sum_exp, dmixed,
          out(drow), gradient_of(t.of_keys), gradient_of(t.of_values), out(scratch));
    return affine<DY::width, n::row_width, has_bias>::walk_back(c, t.projection, drow);
  }

 private:
  template <class Projection, class Vectors, class Output, class Numbers> struct trace {
    using numbers = Numbers;
    decltype(Output::y) y;
    Projection projection;
    Vectors of_keys, of_values;
    ref<rows<decltype(Output::y)::rows_are, Numbers::width>> mixed;
    ref<rows<decltype(Output::y)::rows_are, head_count>> log_sum_exp;
    Output output;
  };

  template <class Walk, class Row, class N>
  using scratch_of = rows<axis::once, detail::shaw_scratch<N>(Walk::use::reserved, Row::rows_are)>;

  template <class N, class Walk> static constexpr auto vectors(Walk& c, const char* name) {
    return c.template param<parameter_kind::table, 2 * reach + 1, N::head_width>(named_rows{name, 2 * reach + 1});
  }
  template <index_type Width, class Walk, class X> static constexpr auto project(Walk& c, X x) {
    using to_row = affine<X::width, 3 * Width, has_bias>;
    const auto weight = c.template param<parameter_kind::matrix, 3 * Width, X::width>(
        named_rows{"query.weight", Width}, named_rows{"key.weight", Width}, named_rows{"value.weight", Width});
    if constexpr (has_bias)
      return to_row::walk(
          c, x, weight,
          c.template param<parameter_kind::vector, 3 * Width, 1>(
              named_rows{"query.bias", Width}, named_rows{"key.bias", Width}, named_rows{"value.bias", Width}));
    else return to_row::walk(c, x, weight, nothing{});
  }
  template <index_type Width, class Walk, class Mixed> static constexpr auto project_back(Walk& c, Mixed mixed) {
    using from_mixed = affine<Mixed::width, Width, has_bias>;
    const auto weight =
        c.template param<parameter_kind::matrix, Width, Mixed::width>(named_rows{"output.weight", Width});
    if constexpr (has_bias)
      return from_mixed::walk(c, mixed, weight,
                              c.template param<parameter_kind::vector, Width, 1>(named_rows{"output.bias", Width}));
    else return from_mixed::walk(c, mixed, weight, nothing{});
  }

  template <class N, class Walk, class Row, class Vectors, class Mixed, class LogSumExp>
  static constexpr void attend(Walk& c, Row row, Vectors of_keys, Vectors of_values, Mixed mixed,
                               LogSumExp log_sum_exp) {
    const auto scratch = c.template make<scratch_of<Walk, Row, N>>();
    if constexpr (Walk::use::caches && Row::rows_are == axis::token) {
      const auto keys = c.template state<rows<axis::context, N::width>, token_cache>();
      const auto values = c.template state<rows<axis::context, N::width>, token_cache>();
      c.run(cache_shaw_operation<N>{}, row, out(keys), out(values));
      c.run(cached_shaw_attention_operation<N>{}, row, keys, values, of_keys, of_values, out(mixed), out(scratch));
    } else {
      c.run(shaw_attention_operation<N>{}, row, of_keys, of_values, out(mixed), if_kept(log_sum_exp), out(scratch));
      if constexpr (Walk::use::observes_attention) {
        const auto seen =
            c.template make<rows<Row::rows_are, N::heads * Walk::use::reserved.tokens_of(Row::rows_are)>>();
        c.run(shaw_attention_probabilities_operation<N>{}, row, of_keys, of_values, log_sum_exp, out(seen));
        c.observe(observation::attention_probabilities, seen);
        c.observe(observation::query_key_value, row);
      }
    }
  }
};

}  // namespace typeformer
