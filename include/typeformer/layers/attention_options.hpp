// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <type_traits>

#include <typeformer/contract/options.hpp>
#include <typeformer/foundation/config.hpp>

namespace typeformer {

template <index_type N> struct heads {
  static constexpr index_type value = N;
};
template <index_type N> struct key_value_heads {
  static constexpr index_type value = N;
};
template <index_type N> struct head_width {
  static constexpr index_type value = N;
  static constexpr bool in_range = N >= 0;
};
template <number S> struct score_scale {
  static constexpr double value = S.value;
  static constexpr bool in_range = value >= -largest_number && value <= largest_number;
};

/// Scores become cap · tanh(score / cap) (Gemma Team 2024, arXiv:2408.00118, §2).
template <number Cap> struct soft_cap {
  static constexpr double value = Cap.value;
  static constexpr bool in_range = value >= 0 && value <= largest_number;
};

/// Of an attention's four projections only the output projection has a bias (GPT-Neo).
struct without_query_key_value_bias {
  using option_kind = bias_option;
};
/// Of an attention's four projections all but the output projection have a bias (Qwen2, GLM).
struct without_output_bias {
  using option_kind = bias_option;
};
/// Scores are divided by the number of their layer, counted from 1 (`scale_attn_by_inverse_layer_idx` of Hugging Face's
/// GPT-2).
struct scores_over_layer_number {};

/// Tokens of earlier segments that attention sees.
template <index_type N> struct memory_length {
  static constexpr index_type value = N;
  static constexpr bool in_range = N >= 0;
};

/// Kind of the options that say which keys a query sees.
struct attention_mask;
/// Every token sees itself and the earlier tokens.
struct causal {
  using option_kind = attention_mask;
};
/// Every token sees all tokens.
struct bidirectional {
  using option_kind = attention_mask;
};
/// Every token sees itself, the earlier tokens and its sequence's prefix (`token_batch::prefixes`): the mask of a
/// prefix language model (Raffel et al. 2020, arXiv:1910.10683, §3.2.1).
struct causal_after_prefix {
  using option_kind = attention_mask;
};

/// Kind of the options that say how far back a query sees.
struct attention_window;
namespace detail {
template <index_type (*Of)(index_type)> constexpr bool finds_a_negative_window() {
  for (index_type iteration = 0; iteration < 128; ++iteration)
    if (Of(iteration) < 0) return true;
  return false;
}
template <class Window>
inline constexpr bool counts_tokens = requires {
  { Window::of(index_type{}) } -> std::same_as<index_type>;
  requires Window::in_range;
} && !requires { Window::chunk; };
/// As far as the compiler can call the function for as many layers as models have.
template <index_type (*Of)(index_type)>
inline constexpr bool gives_a_negative_window = requires { typename std::enable_if_t<finds_a_negative_window<Of>()>; };
}  // namespace detail

/// Each token sees itself and the N − 1 before it (Child et al. 2019, arXiv:1904.10509, §4.2; Beltagy et al. 2020,
/// arXiv:2004.05150, §3.1).
template <index_type N> struct sliding_window {
  using option_kind = attention_window;
  static constexpr bool in_range = N > 0;
  static constexpr index_type of(index_type) { return N; }
};
/// The same with a number for each iteration of the outermost loop, where 0 means all tokens: GPT-3's alternating
/// bands.
template <index_type (*Of)(index_type iteration)> struct sliding_windows {
  using option_kind = attention_window;
  static constexpr bool in_range = !detail::gives_a_negative_window<Of>;
  static constexpr index_type of(index_type iteration) { return Of(iteration); }
};
/// All tokens in even layers, N in odd ones (Brown et al. 2020, arXiv:2005.14165, §2.1).
template <index_type N> constexpr index_type alternating_windows(index_type layer) { return layer % 2 == 0 ? 0 : N; }
/// Each token sees the tokens of its own chunk, of which each has N tokens and the first begins with the text
/// (Meta 2025, Llama 4, `attention_chunk_size` of Hugging Face's configuration). A time series has a chunk for each of
/// its channels, which do not see one another.
template <index_type N> struct attention_chunks {
  using option_kind = attention_window;
  static constexpr bool in_range = N > 0;
  static constexpr index_type chunk = N;
  static constexpr index_type of(index_type) { return 0; }
};
struct no_window {
  using option_kind = attention_window;
  static constexpr index_type of(index_type) { return 0; }
};

/// A window that reaches as far ahead as back: where `Window` shows itself and the N − 1 tokens before it to a token,
/// this shows the N − 1 after it, too (Beltagy et al. 2020, arXiv:2004.05150, §3.1). For attention that is
/// `bidirectional`; without `two_sided`, such attention sees all tokens after the query.
template <class Window> struct two_sided {
  using option_kind = attention_window;
  static constexpr bool reaches_ahead = true;
  static constexpr bool in_range = detail::counts_tokens<Window>;
  static constexpr index_type of(index_type iteration) { return Window::of(iteration); }
};

namespace detail {
template <class Window> inline constexpr bool reaches_ahead = requires { requires Window::reaches_ahead; };

/// A step between projection and scores that leaves queries, keys and values as they are.
struct no_change_of_rows {
  template <class Numbers> struct of {
    template <class Row> struct trace_of {
      Row y;
    };
    template <class Walk, class Row> static constexpr trace_of<Row> walk(Walk&, Row x) { return {x}; }
    template <class Walk, class Trace, class DRow> static constexpr DRow walk_back(Walk&, Trace, DRow dy) { return dy; }
  };
};
}  // namespace detail

/// Kind of the options that normalize queries and keys; see `query_key_norm`.
struct query_key_norm_option;
struct without_query_key_norm : detail::no_change_of_rows {
  using option_kind = query_key_norm_option;
};

/// Kind of the options that limit queries, keys and values; see `clipped_projections`.
struct clipping_option;
struct without_clipping : detail::no_change_of_rows {
  using option_kind = clipping_option;
};

/// Kind of the options that drop probabilities in training; see `attention_dropout`.
struct attention_dropout_option;

}  // namespace typeformer
