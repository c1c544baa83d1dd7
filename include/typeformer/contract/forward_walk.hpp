// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/use.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Forward through a model; the caller reads the logits.
template <class M> struct forward_walk {
  template <class Context> static constexpr auto walk(Context& c) {
    auto t = M::walk(c);
    c.run(delivery{}, t.y);
    return t.y;
  }
};

}  // namespace typeformer
