// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/contract/unread_entries.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/attention_checks.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/layers/relative_attention_operations.hpp>
#include <typeformer/layers/segment_memory.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

namespace detail {

template <class Attention, class In, class Scope> constexpr auto inferred_relative_attention() {
  constexpr index_type count = Attention::head_count;
  using unread = without_entries<Attention, In, Scope, passes::rotary, passes::position_bias>;
  if constexpr (!Shape<unread>) return unread{};
  else if constexpr (count <= 0 || (Attention::given_head_width == 0 && In::width % count != 0))
    return error::attention_width_is_not_a_multiple_of_heads<width<In::width>, heads<count>, Attention>{};
  else if constexpr (In::width % 2 != 0) return error::sinusoidal_width_is_odd<width<In::width>, Attention>{};
  else return In{};
}

}  // namespace detail

/// Attention whose scores depend on the distance of a key instead of its position: softmax(s) v with s = ((q + u) k +
/// (q + v) r) / √E, where r is a projection of sinusoids of the distance, and the biases u and v are the same for all
/// queries (Dai et al. 2019, arXiv:1901.02860, §3.3). After `relative_positions` with a memory it also sees tokens of
/// earlier segments (§3.2). It is `causal`, unless it is `bidirectional`: then every token sees all tokens, and
/// distances to later keys are negative.
///
/// x, y [rows][width]. Options: `heads<H>`; `head_width<E>` (width / H otherwise); `score_scale<s>` (1/√E otherwise);
/// `theta<t>` of the sinusoids (10000); `causal` or `bidirectional`. No projection has a bias. In decoding keys, values
/// and projected distances are cached; a bidirectional layer projects its distances in each call. In training and
/// scoring with a memory the inputs are cached, after a norm if one comes before the layer. A width that H does not
/// divide, or an odd one, is a mismatch. Cost: 8 · width · H · E FLOPs per row, 2 · width · H · E for each distance,
/// and 6 · H · E for each pair of query and key that the mask allows. Scratch of 96 · H · (E + tokens) scalars in
/// addition to the buffers.
template <class... Options> struct transformer_xl_attention {
  static constexpr index_type head_count = chosen<heads<1>, Options...>::value;
  static constexpr index_type given_head_width = chosen<head_width<0>, Options...>::value;
  static constexpr bool sees_later_tokens = std::is_same_v<chosen<causal, Options...>, bidirectional>;
  template <index_type Width>
  static constexpr index_type width_of_head = given_head_width ? given_head_width : Width / head_count;
  using checked_options = check_options<
      transformer_xl_attention,
      known_options<heads<1>, head_width<1>, causal, bidirectional, without_bias, score_scale<1.0>, theta<1.0>>,
      Options...>;
  template <TokenRows In, class Scope>
  using infer = decltype(detail::inferred_relative_attention<transformer_xl_attention, In, Scope>());

  template <index_type Width>
  using numbers =
      relative_attention_numbers<head_count, width_of_head<Width>,
                                 chosen<score_scale<1 / math::sqrt(double(width_of_head<Width>))>, Options...>::value,
                                 chosen<theta<10000.0>, Options...>::value, chosen<causal, Options...>>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope) {
    using n = numbers<X::width>;
    constexpr index_type e = n::width;
    auto seen = segment_memory::walk(c, x);
    auto projection = affine<X::width, n::row_width, false>::walk(
        c, seen.y,
        c.template param<parameter_kind::matrix, n::row_width, X::width>(
            named_rows{"query.weight", e}, named_rows{"key.weight", e}, named_rows{"value.weight", e}),
        nothing{});
    auto weight = c.template param<parameter_kind::matrix, e, X::width>(named_rows{"distance.weight", e});
    auto content = bias<n>(c, "content_bias"), position = bias<n>(c, "position_bias");
    const auto mixed = c.template make<rows<X::rows_are, e>>();
    const auto log_sum_exp = c.template make<rows<X::rows_are, head_count>>();
    using row = decltype(projection.y);
    auto distances = c.template make<by_distance<Walk, row, n, e>>();
    if constexpr (Walk::use::caches && X::rows_are == axis::token) {
      attend_to_cached<n>(c, projection.y, weight, content, position, mixed);
    } else {
      project<n>(c, projection.y, weight, distances);
      attend<n>(c, projection.y, distances, content, position, mixed, log_sum_exp);
    }
    c.observe(observation::head_outputs, mixed);
    auto output = affine<e, X::width, false>::walk(
        c, mixed, c.template param<parameter_kind::matrix, X::width, e>(named_rows{"output.weight", X::width}),
        nothing{});
    return trace<X, decltype(seen), decltype(projection), decltype(weight), decltype(content), decltype(distances),
                 decltype(output), n>{output.y, seen,      projection, weight,      content,
                                      position, distances, mixed,      log_sum_exp, output};
  }

  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope) {
    using n = typename Trace::numbers;
    using row = decltype(t.projection.y);
    const auto dmixed = affine<n::width, DY::width, false>::walk_back(c, t.output, dy);
    const auto drow = c.template make<typename row::shape>();
    const auto ddistances = c.template make<by_distance<Walk, row, n, n::width>>();
    const auto scratch = c.template make<scratch_of<Walk, row, n>>();
    c.run(relative_attention_back_operation<n>{}, t.projection.y, t.distances, t.content, t.position, t.mixed,
          t.log_sum_exp, dmixed, out(drow), out(ddistances), gradient_of(t.content), gradient_of(t.position),
          out(scratch));
    c.run(project_distances_back_operation<n, DY::width, row::rows_are>{}, sinusoids<n, row, DY::width>(c), ddistances,
          gradient_of(t.weight));
    return segment_memory::walk_back(c, t.seen,
                                     affine<DY::width, n::row_width, false>::walk_back(c, t.projection, drow));
  }

 private:
  template <class X, class Seen, class Projection, class Weight, class Bias, class Distances, class Output,
            class Numbers>
  struct trace {
    using numbers = Numbers;
    X y;
    Seen seen;
    Projection projection;
    Weight weight;
    Bias content, position;
    Distances distances;
    ref<rows<X::rows_are, Numbers::width>> mixed;
    ref<rows<X::rows_are, head_count>> log_sum_exp;
    Output output;
  };

  /// A row of `Width` for every distance in a sequence. All sequences share these rows.
  template <class Walk, class Row, class N, index_type Width>
  using by_distance = rows<axis::once, detail::reserved_distances<N>(Walk::use::reserved, Row::rows_are) * Width>;
  template <class Walk, class Row, class N>
  using scratch_of = rows<axis::once, detail::relative_scratch<N>(Walk::use::reserved, Row::rows_are)>;

  template <class N, class Walk> static constexpr auto bias(Walk& c, const char* name) {
    return c.template param<parameter_kind::table, N::heads, N::head_width>(named_rows{name, N::heads});
  }
  template <class N, class Row, index_type Width, class Walk> static constexpr auto sinusoids(Walk& c) {
    const auto table = c.template make<by_distance<Walk, Row, N, Width>>();
    c.run(distance_sinusoids_operation<N, Width, Row::rows_are>{}, out(table));
    return table;
  }
  template <class N, class Walk, class Row, class Weight, class Distances>
  static constexpr void project(Walk& c, Row, Weight weight, Distances distances) {
    c.run(project_distances_operation<N, Weight::columns, Row::rows_are>{}, sinusoids<N, Row, Weight::columns>(c),
          weight, out(distances));
  }

  template <class N, class Walk, class Row, class Weight, class Bias, class Mixed>
  static constexpr void attend_to_cached(Walk& c, Row row, Weight weight, Bias content, Bias position, Mixed mixed) {
    using cached = rows<axis::context, N::width>;
    const auto keys = c.template state<cached, sliding_token_cache>(),
               values = c.template state<cached, sliding_token_cache>();
    const auto look_up = [&](auto distances) {
      const auto scratch = c.template make<scratch_of<Walk, Row, N>>();
      c.run(cached_relative_attention_operation<N>{}, row, keys, values, distances, content, position, out(mixed),
            out(scratch));
    };
    if constexpr (N::looks_ahead) {
      const auto distances = c.template make<by_distance<Walk, Row, N, N::width>>();
      project<N>(c, row, weight, distances);
      c.run(cache_relative_operation<N>{}, row, nothing{}, out(keys), out(values), nothing{});
      look_up(distances);
    } else {
      const auto from_start = c.template make<token_rows<Weight::columns>>();
      c.run(token_sinusoids_operation<N, Weight::columns>{}, out(from_start));
      const auto distances = affine<Weight::columns, N::width, false>::walk(c, from_start, weight, nothing{}).y;
      const auto all_distances = c.template state<cached, sliding_token_cache>();
      c.run(cache_relative_operation<N>{}, row, distances, out(keys), out(values), out(all_distances));
      look_up(all_distances);
    }
  }
  template <class N, class Walk, class Row, class Distances, class Bias, class Mixed, class LogSumExp>
  static constexpr void attend(Walk& c, Row row, Distances distances, Bias content, Bias position, Mixed mixed,
                               LogSumExp log_sum_exp) {
    const auto scratch = c.template make<scratch_of<Walk, Row, N>>();
    c.run(relative_attention_operation<N>{}, row, distances, content, position, out(mixed), if_kept(log_sum_exp),
          out(scratch));
    if constexpr (Walk::use::observes_attention) {
      const auto seen = c.template make<rows<Row::rows_are, N::heads * Walk::use::reserved.tokens_of(Row::rows_are)>>();
      c.run(relative_attention_probabilities_operation<N>{}, row, distances, content, position, log_sum_exp, out(seen));
      c.observe(observation::attention_probabilities, seen);
      c.observe(observation::query_key_value, row);
    }
  }
};

}  // namespace typeformer
