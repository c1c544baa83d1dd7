// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>

#include <typeformer/contract/scope.hpp>
#include <typeformer/layers/attention_options.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// What changes scores in addition to their scale; see `score_rule`.
template <class Window, number SoftCap, bool HasBias> struct attention_rule {
  using window = Window;
  static constexpr double soft_cap = SoftCap.value;
  static constexpr bool has_bias = HasBias;
};

/// The static numbers of an attention: [query heads
///
/// key heads
///
/// value heads] are side by side in one row.
template <index_type Heads, index_type KeyValueHeads, index_type HeadWidth, number Scale, class Mask,
          class Rule = attention_rule<no_window, 0.0, false>, bool ScaleIsOverLayerNumber = false>
struct attention_numbers {
  static constexpr index_type heads = Heads, key_value_heads = KeyValueHeads, head_width = HeadWidth;
  static constexpr index_type query_width = Heads * HeadWidth, key_width = KeyValueHeads * HeadWidth;
  static constexpr index_type row_width = query_width + 2 * key_width, key_panel_width = key_width * key_block;
  static constexpr double scale = Scale.value;
  static constexpr bool scale_is_over_layer_number = ScaleIsOverLayerNumber;
  using mask = Mask;
  using rule = Rule;
  static constexpr bool has_rule =
      !std::is_same_v<Rule, attention_rule<no_window, 0.0, false>> || std::is_same_v<Mask, causal_after_prefix>;

  /// Scores and weighted sums over the keys that the mask allows.
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    const std::int64_t pairs = std::is_same_v<Mask, bidirectional> ? tokens * tokens : tokens * (tokens + 1) / 2;
    return 4 * sequences * pairs * query_width;
  }
};

template <class Numbers, class Rotary> struct rotate_operation {
  static constexpr std::int64_t flops(std::int64_t rows) {
    return 3 * rows * (Numbers::heads + Numbers::key_value_heads) * Rotary::width;
  }
};
template <class Numbers, class Rotary> struct rotate_back_operation : rotate_operation<Numbers, Rotary> {};
template <class Numbers> struct key_panels_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Numbers> struct cache_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class Numbers> struct attention_operation : Numbers {};
template <class Numbers> struct cached_attention_operation : Numbers {};
template <class Numbers> struct attention_probabilities_operation : Numbers {};
template <class Numbers> struct attention_back_operation {
  static constexpr std::int64_t flops(std::int64_t sequences, std::int64_t tokens) {
    return 5 * Numbers::flops(sequences, tokens) / 2;
  }
};

/// Keeps every probability. The default unless an option such as `attention_dropout` replaces it.
struct without_attention_dropout {
  using option_kind = attention_dropout_option;

  template <class Walk> static constexpr nothing site(Walk&) { return {}; }
  template <class N, class Walk, class Row, class Panels, class Bias, class Mixed, class LogSumExp>
  static constexpr void attend(Walk& c, nothing, Row row, Panels panels, Bias bias, Mixed mixed,
                               LogSumExp log_sum_exp) {
    c.run(attention_operation<N>{}, row, panels, bias, out(mixed), if_kept(log_sum_exp));
  }
  template <class N, class Walk, class Trace, class Panels, class Bias, class DMixed, class DRow, class DBias>
  static constexpr void attend_back(Walk& c, nothing, Trace t, Panels panels, Bias bias, DMixed dmixed, DRow drow,
                                    DBias dbias) {
    c.run(attention_back_operation<N>{}, t.row, panels, bias, t.mixed, t.log_sum_exp, dmixed, out(drow), dbias);
  }
};

}  // namespace typeformer
