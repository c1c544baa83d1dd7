// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// What can be done with a state between two calls, other than to continue its sequences.
///
/// A layer promises it where it declares the state: `c.state<Shape, token_cache>()`. A state without promises is a
/// summary of the tokens so far, such as running sums or the last inputs of a convolution. An operation that would
/// break such a state, such as `session::truncate`, does not compile.
struct state_traits {
  /// The newest tokens of a sequence can be removed: the data of a token is at the token's place, and the layer reads
  /// no more than the `past` tokens of a call.
  bool rewinds = false;
  /// The oldest tokens can be dropped for new ones (`token_batch::kept_from`, `kept_at`), so that `past` stops growing.
  bool slides = false;
  /// The oldest tokens after the first `capacities::sinks` can be dropped (`token_batch::kept_from`): those that stay are
  /// moved to where they were, and what depends on their positions is changed.
  bool drops = false;
  /// A sequence can continue from the state of another one. This needs a shape whose rows belong to sequences.
  bool reorders = true;
  /// How many numbers share a scale if a session's `cache_in` has scales; 0: the state is always of the scalar type.
  /// What is promised is that `execute` takes a `cache_view`, too.
  index_type numbers_of_scale = 0;
  index_type heads = 0;    ///< of a row, if there can be scales
  bool in_panels = false;  ///< its rows lie as keys do, in panels of `key_block`
};

/// One row per cached token, at the token's place: keys and values.
inline constexpr state_traits token_cache{.rewinds = true};
/// The same for keys and values of heads, which can have a narrow format.
template <index_type HeadWidth, index_type Heads>
inline constexpr state_traits key_cache{
    .rewinds = true, .drops = true, .numbers_of_scale = HeadWidth, .heads = Heads, .in_panels = true};
template <index_type HeadWidth, index_type Heads>
inline constexpr state_traits value_cache{
    .rewinds = true, .drops = true, .numbers_of_scale = HeadWidth, .heads = Heads};
/// The same as `token_cache`, if the oldest tokens are dropped for new ones.
inline constexpr state_traits sliding_token_cache{.rewinds = true, .slides = true};
/// Data read from a source. It does not depend on the decoded tokens.
inline constexpr state_traits source_cache{.rewinds = true, .slides = true, .drops = true};

}  // namespace typeformer
