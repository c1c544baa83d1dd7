// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/self_attention.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

template <class Numbers> struct cross_key_panels_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Numbers> struct cache_source_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
/// Scores and weighted sums over every pair of a token and a token of its source that it sees.
template <class Numbers> struct cross_attention_operation {
  static constexpr std::int64_t flops(const capacities& reserved) {
    const std::int64_t tokens = reserved.tokens, source = reserved.source, shorter = tokens < source ? tokens : source;
    const std::int64_t pairs = std::is_same_v<typename Numbers::mask, bidirectional>
                                   ? tokens * source
                                   : shorter * (shorter + 1) / 2 + (tokens - shorter) * source;
    return 4 * reserved.batch * pairs * Numbers::query_width;
  }
};
template <class Numbers> struct cached_cross_attention_operation : cross_attention_operation<Numbers> {};
template <class Numbers> struct cross_attention_probabilities_operation : cross_attention_operation<Numbers> {};
template <class Numbers> struct cross_attention_back_operation {
  static constexpr std::int64_t flops(const capacities& reserved) {
    return 5 * cross_attention_operation<Numbers>::flops(reserved) / 2;
  }
};

namespace error {
/// There is no encoder whose states the layer could read.
template <class Layer> struct cross_attention_stands_in_no_encoder_decoder : mismatch {};
}  // namespace error

namespace detail {

template <class Attention, class In, class Scope> constexpr auto inferred_cross_attention() {
  if constexpr (!has_entry<passes::encoder_states, Scope>)
    return error::cross_attention_stands_in_no_encoder_decoder<Attention>{};
  else return inferred_attention<Attention, In, scope<>>();
}

}  // namespace detail

/// Multi-head attention of each token to the encoder's states of another text: queries from x, keys and values from the
/// encoder's states (Vaswani et al. 2017, arXiv:1706.03762, §3.2.3).
///
/// x, y [rows][width]; states [source rows][their width]. Options: `heads`, `key_value_heads`, `head_width`,
/// `score_scale`, `soft_cap`, `without_bias`, `without_query_key_value_bias`, `without_output_bias` and `causal`. Every
/// token sees the whole source, unless the layer is `causal`. Then token i of the target sees tokens 0 to i of its
/// source, or all if the source is shorter (the wait-1 policy of Ma et al. 2019, arXiv:1810.08398). These positions
/// count cached tokens of the target and hidden tokens of the source. In decoding, keys and values of the source are
/// computed once and cached.
/// Cost: 2 · width · 2H · E FLOPs per row, 4 · states' width · G · E per source row, and 4 · H · E for each pair of a
/// token and a source token that it sees.
template <class... Options> struct cross_attention {
  static constexpr index_type head_count = chosen<heads<1>, Options...>::value;
  static constexpr index_type key_value_head_count = chosen<key_value_heads<head_count>, Options...>::value;
  static constexpr bool has_query_key_value_bias =
      !has_option<without_bias, Options...> && !has_option<without_query_key_value_bias, Options...>;
  static constexpr bool has_output_bias =
      !has_option<without_bias, Options...> && !has_option<without_output_bias, Options...>;
  using mask = chosen<bidirectional, Options...>;

  static constexpr index_type given_head_width = chosen<head_width<0>, Options...>::value;
  template <index_type Width>
  static constexpr index_type width_of_head = given_head_width ? given_head_width : Width / head_count;

  using checked_options = check_options<
      cross_attention,
      known_options<heads<1>, key_value_heads<1>, head_width<1>, causal, bidirectional, soft_cap<1.0>, with_bias,
                    without_bias, without_query_key_value_bias, without_output_bias, score_scale<1.0>>,
      Options...>;
  template <TokenRows In, class Scope>
  using infer = decltype(detail::inferred_cross_attention<cross_attention, In, Scope>());

  template <index_type Width>
  using numbers =
      attention_numbers<head_count, key_value_head_count, width_of_head<Width>,
                        chosen<score_scale<1 / math::sqrt(double(width_of_head<Width>))>, Options...>::value, mask,
                        attention_rule<no_window, chosen<soft_cap<0.0>, Options...>::value, false>>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    using n = numbers<X::width>;
    auto query = map<X::width, n::query_width, has_query_key_value_bias>(
        c, x, named_rows{"query.weight", n::query_width}, named_rows{"query.bias", n::query_width});
    auto key_value = project_source<n>(c, value_for<passes::encoder_states>(s).states);
    const auto mixed = c.template make<rows<X::rows_are, n::query_width>>();
    const auto log_sum_exp = c.template make<rows<X::rows_are, head_count>>();
    if constexpr (Walk::use::caches) {
      const auto keys = c.template state<rows<axis::source_block, n::key_panel_width>, source_cache>();
      const auto values = c.template state<rows<axis::source, n::key_width>, source_cache>();
      c.run(cache_source_operation<n>{}, key_value.y, out(keys), out(values));
      c.run(cached_cross_attention_operation<n>{}, query.y, keys, values, out(mixed));
    } else {
      const auto panels = c.template make<rows<axis::source_block, n::key_panel_width>>();
      c.run(cross_key_panels_operation<n>{}, key_value.y, out(panels));
      c.run(cross_attention_operation<n>{}, query.y, key_value.y, panels, out(mixed), if_kept(log_sum_exp));
      if constexpr (Walk::use::observes_attention) {
        const auto seen = c.template make<rows<X::rows_are, head_count * Walk::use::reserved.source>>();
        c.run(cross_attention_probabilities_operation<n>{}, query.y, key_value.y, panels, mixed, log_sum_exp,
              out(seen));
        c.observe(observation::cross_attention_probabilities, seen);
      }
    }
    c.observe(observation::head_outputs, mixed);
    auto output = map<n::query_width, X::width, has_output_bias>(c, mixed, named_rows{"output.weight", X::width},
                                                                 named_rows{"output.bias", X::width});
    return trace<decltype(query), decltype(key_value), decltype(output), n>{output.y, query,       key_value,
                                                                            mixed,    log_sum_exp, output};
  }

  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    using n = typename Trace::numbers;
    using states = typename entry_for<passes::encoder_states, Scope>::states;
    const auto dmixed = affine<n::query_width, DY::width, has_output_bias>::walk_back(c, t.output, dy);
    const auto panels = c.template make<rows<axis::source_block, n::key_panel_width>>();
    c.run(cross_key_panels_operation<n>{}, t.key_value.y, out(panels));
    const auto dquery = c.template make<rows<DY::rows_are, n::query_width>>();
    const auto dkey_value = c.template make<rows<axis::source, 2 * n::key_width>>();
    c.run(cross_attention_back_operation<n>{}, t.query.y, t.key_value.y, panels, t.mixed, t.log_sum_exp, dmixed,
          out(dquery), out(dkey_value));
    const auto dstates =
        affine<states::width, 2 * n::key_width, has_query_key_value_bias>::walk_back(c, t.key_value, dkey_value);
    // All layers read the same states.
    c.run(accumulate_operation<states::width>{}, dstates, acc(value_for<passes::encoder_states>(s).gradient));
    return affine<DY::width, n::query_width, has_query_key_value_bias>::walk_back(c, t.query, dquery);
  }

 private:
  template <class Query, class KeyValue, class Output, class Numbers> struct trace {
    using numbers = Numbers;
    decltype(Output::y) y;
    Query query;
    KeyValue key_value;
    ref<rows<decltype(Query::y)::rows_are, Numbers::query_width>> mixed;
    ref<rows<decltype(Query::y)::rows_are, head_count>> log_sum_exp;
    Output output;
  };

  template <index_type Inputs, index_type Outputs, bool HasBias, class Walk, class X>
  static constexpr auto map(Walk& c, X x, named_rows weight_name, named_rows bias_name) {
    const auto weight = c.template param<parameter_kind::matrix, Outputs, Inputs>(weight_name);
    if constexpr (HasBias)
      return affine<Inputs, Outputs, true>::walk(c, x, weight,
                                                 c.template param<parameter_kind::vector, Outputs, 1>(bias_name));
    else return affine<Inputs, Outputs, false>::walk(c, x, weight, nothing{});
  }
  template <class N, class Walk, class States> static constexpr auto project_source(Walk& c, States states) {
    constexpr index_type k = N::key_width;
    const auto weight = c.template param<parameter_kind::matrix, 2 * k, States::width>(named_rows{"key.weight", k},
                                                                                       named_rows{"value.weight", k});
    using both = affine<States::width, 2 * k, has_query_key_value_bias>;
    if constexpr (has_query_key_value_bias)
      return both::walk(
          c, states, weight,
          c.template param<parameter_kind::vector, 2 * k, 1>(named_rows{"key.bias", k}, named_rows{"value.bias", k}));
    else return both::walk(c, states, weight, nothing{});
  }
};

}  // namespace typeformer
