// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/layers/adapter_option.hpp>
#include <typeformer/layers/attention_checks.hpp>
#include <typeformer/layers/attention_operations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/dropped_tokens.hpp>
#include <typeformer/layers/linear.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/inputs.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// Multi-head self-attention: softmax(s · q kᵀ + mask) v of each head, with one projection to all queries, keys and
/// values, and an output projection (Vaswani et al. 2017, arXiv:1706.03762, eq. 1 and §3.2.2).
///
/// x, y [rows][width]. Options: `heads<H>`; `key_value_heads<G>` (Ainslie et al. 2023, arXiv:2305.13245: query head h
/// reads head h / (H / G)); `head_width<E>` (width / H otherwise); `causal`, `bidirectional` or `causal_after_prefix`;
/// `sliding_window<N>`, `sliding_windows<of_layer>`, `two_sided` of one or `attention_chunks<N>`; `soft_cap<c>`;
/// `without_bias`, `without_query_key_value_bias` or `without_output_bias`; `attention_dropout<r>`; `score_scale<s>`
/// (1/√E otherwise); `scores_over_layer_number`; `clipped_projections<c>`; `query_key_norm<norm, over>`;
/// `adapts<low_rank<…>, maps>`. It rotates queries and keys after `rotary_positions`, and adds a bias of positions
/// before it to the scores. A width that H does not divide, or G that does not divide H, is a mismatch.
/// Cost: 2 · width · (2H + 2G) · E FLOPs per row, and 4 · H · E for each pair of query and key that the mask allows.
template <class... Options> struct self_attention {
  static constexpr index_type head_count = chosen<heads<1>, Options...>::value;
  static constexpr index_type key_value_head_count = chosen<key_value_heads<head_count>, Options...>::value;
  static constexpr bool has_query_key_value_bias =
      !has_option<without_bias, Options...> && !has_option<without_query_key_value_bias, Options...>;
  static constexpr bool has_output_bias =
      !has_option<without_bias, Options...> && !has_option<without_output_bias, Options...>;
  using mask = chosen<causal, Options...>;
  using window = chosen<no_window, Options...>;
  static constexpr bool sees_later_tokens = std::is_same_v<mask, bidirectional>;

  static constexpr index_type given_head_width = chosen<head_width<0>, Options...>::value;
  template <index_type Width>
  static constexpr index_type width_of_head = given_head_width ? given_head_width : Width / head_count;

  using checked_options =
      check_options<self_attention,
                    known_options<heads<1>, key_value_heads<1>, head_width<1>, attention_mask, attention_window,
                                  soft_cap<1.0>, with_bias, without_bias, without_query_key_value_bias,
                                  without_output_bias, attention_dropout_option, score_scale<1.0>,
                                  scores_over_layer_number, query_key_norm_option, clipping_option, adapter_option>,
                    Options...>;
  template <TokenRows In, class Scope> using infer = decltype(detail::inferred_attention<self_attention, In, Scope>());

  template <index_type Width>
  static constexpr double scale_for =
      chosen<score_scale<1 / math::sqrt(double(width_of_head<Width>))>, Options...>::value;
  template <class Scope>
  using rule = attention_rule<window, chosen<soft_cap<0.0>, Options...>::value, detail::has_position_bias<Scope>>;
  template <index_type Width, class Scope>
  using numbers = attention_numbers<head_count, key_value_head_count, width_of_head<Width>, scale_for<Width>, mask,
                                    rule<Scope>, has_option<scores_over_layer_number, Options...>>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    using n = numbers<X::width, Scope>;
    auto projection = adapters<n, X::width>::walk_projection(c, x, project<n>(c, x));
    auto clipped = clipping<n>::walk(c, projection.y);
    auto normed = norms<n>::walk(c, clipped.y);
    auto row = rotate<n>(c, normed.y, s);
    const auto mixed = c.template make<rows<X::rows_are, n::query_width>>();
    const auto log_sum_exp = c.template make<rows<X::rows_are, head_count>>();
    const auto bias = detail::bias_table(s);
    const auto site = dropout::site(c);
    if constexpr (Walk::use::caches && X::rows_are == axis::token) {
      const auto keys = c.template state<rows<axis::context_block, n::key_panel_width>,
                                         key_cache<n::head_width, n::key_value_heads>>();
      const auto values =
          c.template state<rows<axis::context, n::key_width>, value_cache<n::head_width, n::key_value_heads>>();
      detail::cache_keys_and_values<n>(c, row, keys, values, s);
      c.run(cached_attention_operation<n>{}, row, keys, values, bias, out(mixed));
    } else {
      attend<n>(c, row, bias, mixed, log_sum_exp, site);
    }
    c.observe(observation::head_outputs, mixed);
    auto output = adapters<n, X::width>::walk_output(c, mixed, project_back<n, X::width>(c, mixed));
    return trace<decltype(projection), decltype(clipped), decltype(normed), decltype(row), decltype(output), n,
                 decltype(dropout::site(c))>{output.y, projection,  clipped, normed, row,
                                             mixed,    log_sum_exp, output,  site};
  }

  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    using n = typename Trace::numbers;
    using adapted = adapters<n, DY::width>;
    const auto dmixed =
        adapted::template walk_back<affine<n::query_width, DY::width, has_output_bias>>(c, t.output, dy);
    const auto panels = c.template make<rows<blocks_of(DY::rows_are), n::key_panel_width>>();
    c.run(key_panels_operation<n>{}, t.row, out(panels));
    const auto drow = c.template make<rows<DY::rows_are, n::row_width>>();
    if constexpr (detail::learns_position_bias<Scope>) {
      const auto bias = value_for<passes::position_bias>(s);
      const auto dbias = c.template make<typename decltype(bias.table)::shape>();
      c.run(clear_operation{}, out(dbias));
      dropout::template attend_back<n>(c, t.site, t, panels, bias.table, dmixed, drow, acc(dbias));
      c.run(typename entry_for<passes::position_bias, Scope>::back_operation{}, dbias, gradient_of(bias.parameter));
    } else {
      dropout::template attend_back<n>(c, t.site, t, panels, detail::bias_table(s), dmixed, drow, nothing{});
    }
    return adapted::template walk_back<affine<DY::width, n::row_width, has_query_key_value_bias>>(
        c, t.projection,
        clipping<n>::walk_back(c, t.clipped, norms<n>::walk_back(c, t.normed, rotate_back<n>(c, t.normed.y, drow, s))));
  }

 private:
  template <class Numbers, index_type Width>
  using adapters = typename adapts_option<Options...>::template of_attention<Numbers, Width>;

  template <class Numbers> using clipping = typename chosen<without_clipping, Options...>::template of<Numbers>;
  template <class Numbers> using norms = typename chosen<without_query_key_norm, Options...>::template of<Numbers>;
  /// Its `attend` runs scores, softmax and weighted sums, whether or not probabilities are dropped.
  using dropout = chosen<without_attention_dropout, Options...>;

  template <class Projection, class Clipped, class Normed, class Row, class Output, class Numbers, class Site>
  struct trace {
    using numbers = Numbers;
    decltype(Output::y) y;
    Projection projection;
    Clipped clipped;
    Normed normed;
    Row row;                                               // queries, keys and values side by side, rotated
    ref<rows<Row::rows_are, Numbers::query_width>> mixed;  // each head's values, weighted by its probabilities
    ref<rows<Row::rows_are, head_count>> log_sum_exp;
    Output output;
    [[no_unique_address]] Site site;
  };

  template <class N, class Walk, class X> static constexpr auto project(Walk& c, X x) {
    constexpr index_type q = N::query_width, k = N::key_width;
    const auto weight = c.template param<parameter_kind::matrix, N::row_width, X::width>(
        named_rows{"query.weight", q}, named_rows{"key.weight", k}, named_rows{"value.weight", k});
    using map = affine<X::width, N::row_width, has_query_key_value_bias>;
    if constexpr (has_query_key_value_bias)
      return map::walk(c, x, weight,
                       c.template param<parameter_kind::vector, N::row_width, 1>(
                           named_rows{"query.bias", q}, named_rows{"key.bias", k}, named_rows{"value.bias", k}));
    else return map::walk(c, x, weight, nothing{});
  }
  template <class N, index_type Width, class Walk, class Mixed>
  static constexpr auto project_back(Walk& c, Mixed mixed) {
    const auto weight =
        c.template param<parameter_kind::matrix, Width, N::query_width>(named_rows{"output.weight", Width});
    using map = affine<N::query_width, Width, has_output_bias>;
    if constexpr (has_output_bias)
      return map::walk(c, mixed, weight,
                       c.template param<parameter_kind::vector, Width, 1>(named_rows{"output.bias", Width}));
    else return map::walk(c, mixed, weight, nothing{});
  }

  template <class N, class Walk, class Row, class Scope> static constexpr Row rotate(Walk& c, Row row, Scope s) {
    if constexpr (detail::has_rotary<Scope>) {
      using rotary = entry_for<passes::rotary, Scope>;
      const Row rotated = c.template make<typename Row::shape>(row);
      c.run(rotate_operation<N, rotary>{}, row, detail::rotary_table(value_for<passes::rotary>(s)), out(rotated));
      return rotated;
    } else {
      return row;
    }
  }
  template <class N, class Walk, class Row, class Scope>
  static constexpr Row rotate_back(Walk& c, [[maybe_unused]] Row row, Row drow, Scope s) {
    if constexpr (detail::has_rotary<Scope>) {
      using rotary = entry_for<passes::rotary, Scope>;
      const auto angles = value_for<passes::rotary>(s);
      if constexpr (requires { angles.parameter; })
        c.run(typename rotary::template back_operation<N>{}, row, drow,
              c.template input<token_positions, Row::rows_are>(), gradient_of(angles.parameter));
      const Row drotated = c.template make<typename Row::shape>(drow);
      c.run(rotate_back_operation<N, rotary>{}, drow, detail::rotary_table(angles), out(drotated));
      return drotated;
    } else {
      return drow;
    }
  }

  template <class N, class Walk, class Row, class Bias, class Mixed, class LogSumExp, class Site>
  static constexpr void attend(Walk& c, Row row, Bias bias, Mixed mixed, LogSumExp log_sum_exp, Site site) {
    const auto panels = c.template make<rows<blocks_of(Row::rows_are), N::key_panel_width>>();
    c.run(key_panels_operation<N>{}, row, out(panels));
    dropout::template attend<N>(c, site, row, panels, bias, mixed, log_sum_exp);
    if constexpr (Walk::use::observes_attention) {
      const auto seen = c.template make<rows<Row::rows_are, N::heads * Walk::use::reserved.tokens_of(Row::rows_are)>>();
      c.run(attention_probabilities_operation<N>{}, row, panels, bias, mixed, log_sum_exp, out(seen));
      c.observe(observation::attention_probabilities, seen);
      c.observe(observation::query_key_value, row);
    }
  }
};

}  // namespace typeformer
