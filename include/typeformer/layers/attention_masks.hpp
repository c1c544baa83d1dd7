// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Kind of the options that say which keys a query sees.
struct attention_mask;
/// Every token sees itself and what came before.
struct causal {
  using option_kind = attention_mask;
};
/// Every token sees every other.
struct bidirectional {
  using option_kind = attention_mask;
};
/// Every token sees itself, what came before, and its sequence's prefix (`token_batch::prefixes`): the mask of a prefix
/// language model (Raffel et al. 2020, arXiv:1910.10683, §3.2.1).
struct causal_after_prefix {
  using option_kind = attention_mask;
};

/// Kind of the options that say how far back a query sees.
struct attention_window;
/// Each token sees itself and the N − 1 before it (Child et al. 2019, arXiv:1904.10509, §4.2; Beltagy et al. 2020,
/// arXiv:2004.05150, §3.1).
template <index_type N> struct sliding_window {
  using option_kind = attention_window;
  static constexpr bool in_range = N > 0;
  static constexpr index_type of(index_type) { return N; }
};
/// The same with a number for each iteration of the outermost loop, 0 standing for all tokens: GPT-3's alternating bands.
template <index_type (*Of)(index_type iteration)> struct sliding_windows {
  using option_kind = attention_window;
  static constexpr index_type of(index_type iteration) { return Of(iteration); }
};
/// All tokens in even layers, N in odd ones (Brown et al. 2020, arXiv:2005.14165, §2.1).
template <index_type N> constexpr index_type alternating_windows(index_type layer) { return layer % 2 == 0 ? 0 : N; }
struct no_window {
  using option_kind = attention_window;
  static constexpr index_type of(index_type) { return 0; }
};

}  // namespace typeformer
