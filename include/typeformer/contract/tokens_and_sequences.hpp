// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

/// The output of a model with a head for its tokens and one for its sequences. Shapes, logits, views for the caller and
/// the gradients of an objective have this form. A gradient that an objective does not have is `nothing`.
template <class Tokens, class Sequences> struct tokens_and_sequences {
  Tokens tokens{};
  Sequences sequences{};
};

namespace detail {

template <class Tokens, class Sequences> constexpr auto both_shapes() {
  if constexpr (!Shape<Tokens>) return Tokens{};
  else if constexpr (!Shape<Sequences>) return Sequences{};
  else return tokens_and_sequences<Tokens, Sequences>{};
}

}  // namespace detail

/// Both shapes, or the first mismatch among them.
template <class Tokens, class Sequences> using both_shapes = decltype(detail::both_shapes<Tokens, Sequences>());

}  // namespace typeformer
