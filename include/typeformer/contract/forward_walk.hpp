// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/tokens_and_sequences.hpp>
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace detail {
template <class Context, class Y> constexpr void deliver(Context& c, Y y) { c.run(delivery{}, y); }
template <class Context, class Tokens, class Sequences>
constexpr void deliver(Context& c, tokens_and_sequences<Tokens, Sequences> y) {
  c.run(delivery{}, y.tokens, y.sequences);
}
}  // namespace detail

/// Forward through a model; the caller reads what it delivers.
template <class M> struct forward_walk {
  template <class Context> static constexpr auto walk(Context& c) {
    auto t = M::walk(c);
    detail::deliver(c, t.y);
    return t.y;
  }
};

}  // namespace typeformer
