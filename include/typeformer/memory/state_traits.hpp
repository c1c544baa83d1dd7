// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer {

/// What may be done with a state between two calls, beside going on with its sequences.
///
/// A layer promises it where it declares the state: `c.state<Shape, token_cache>()`. A state that promises nothing is a
/// summary of the tokens so far, such as running sums or the last inputs of a convolution. Whatever would break it,
/// such as `session::truncate`, does not compile.
struct state_traits {
  /// The newest tokens of a sequence can be taken back: what belongs to a token is at the token's place, and the layer
  /// reads no more than the `past` tokens of a call.
  bool rewinds = false;
  /// The oldest tokens can make room for new ones (`token_batch::kept_from`, `kept_at`), so that `past` stops growing.
  bool slides = false;
  /// A sequence can take over what another one remembers. It never can where the rows of the state's shape do not
  /// belong to sequences.
  bool reorders = true;
};

/// A row for each remembered token, at the token's place: keys and values.
inline constexpr state_traits token_cache{.rewinds = true};
/// The same where the oldest tokens make room for new ones.
inline constexpr state_traits sliding_token_cache{.rewinds = true, .slides = true};
/// What was read of a source: it does not depend on the tokens that are decoded.
inline constexpr state_traits source_cache{.rewinds = true, .slides = true};

}  // namespace typeformer
