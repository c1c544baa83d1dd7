// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace detail {
template <class Walk, class Y> constexpr void deliver(Walk& c, Y y) { c.run(delivery{}, y); }
template <class Walk, class Tokens, class Sequences>
constexpr void deliver(Walk& c, tokens_and_sequences<Tokens, Sequences> y) {
  c.run(delivery{}, y.tokens, y.sequences);
}
}  // namespace detail

/// The forward walk of a model. The caller reads the output.
template <class M> struct forward_walk {
  using model = M;

  template <class Walk> static constexpr auto walk(Walk& c) {
    auto t = M::walk(c);
    detail::deliver(c, t.y);
    return t.y;
  }
};

}  // namespace typeformer
