// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// Keeps only the input of the layers and runs them again in the backward pass: less memory, at the cost of one more
/// forward pass (Chen et al. 2016, arXiv:1604.06174).
template <class... Layers> struct checkpoint {
  static constexpr bool is_composition = true;
  using body = sequential<Layers...>;
  using inner = inner_layers<Layers...>;
  template <class In, class Scope> using infer = typeformer::infer<body, In, Scope>;

  template <class Y, class X> struct trace_of {
    Y y;
    X x;
    walk_mark start;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    const walk_mark start = c.mark();
    auto b = body::walk(c, x, s);
    return trace_of<decltype(b.y), X>{b.y, x, start};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    const walk_mark end = c.mark();
    c.rewind(t.start);
    auto b = body::walk(c, t.x, s);
    c.rewind(end);
    return body::walk_back(c, b, dy, s);
  }
};

template <bool Recompute, class Layer> using checkpoint_if = std::conditional_t<Recompute, checkpoint<Layer>, Layer>;

}  // namespace typeformer
