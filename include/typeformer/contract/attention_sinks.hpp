// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/foundation/config.hpp>

namespace typeformer {

namespace error {
/// Cached tokens get other positions when the oldest are dropped. `rotary_positions`, `alibi_positions` and
/// `relative_position_bias` allow that.
template <class Sinks, class Model> struct positions_of_the_model_cannot_move : mismatch {};
/// Keys in a narrow format would lose precision each time they move.
template <class Sinks, class Format, class Model> struct tokens_in_a_narrow_cache_cannot_move : mismatch {};
}  // namespace error

/// Option of a session: a text of any length in constant memory. When the cached tokens fill the context, the oldest
/// after the first N are dropped, at least a sixteenth of the context at once, and positions count the tokens that are
/// cached (Xiao et al. 2024, arXiv:2309.17453, §3.2). Large models attend to the first tokens of a text throughout, and
/// fail where these are dropped, too (N = 0).
///
///     tf::session<my_model, tf::context<64>, tf::attention_sinks<4>> run{weights};
///
/// Cost of dropping: the cached keys are rotated and moved once for every context / 16 tokens.
template <index_type N> struct attention_sinks {
  static constexpr index_type value = N;
  static constexpr bool in_range = N >= 0;
};

namespace detail {
template <class M> inline constexpr bool positions_move = requires { requires M::positions_move; };

/// `Checked`, or why a use cannot drop its oldest tokens.
template <class M, class Use, class Checked> constexpr auto checked_sinks() {
  if constexpr (Use::reserved.sinks < 0 || !Shape<Checked>) return Checked{};
  else if constexpr (!positions_move<M>)
    return error::positions_of_the_model_cannot_move<attention_sinks<Use::reserved.sinks>, M>{};
  else if constexpr (requires { typename Use::cache_format; })
    return error::tokens_in_a_narrow_cache_cannot_move<attention_sinks<Use::reserved.sinks>, typename Use::cache_format,
                                                       M>{};
  else return Checked{};
}
}  // namespace detail

}  // namespace typeformer
