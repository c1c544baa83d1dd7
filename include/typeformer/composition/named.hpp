// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/declared_limits.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/foundation/fixed_string.hpp>

namespace typeformer {

/// Adds `Name` to the path of a layer's parameters: `named<"attention", self_attention<…>>` has
/// `attention.query.weight`.
template <fixed_string Name, class Layer> struct named {
  static constexpr const char* name = Name.characters;
  using inner = inner_layers<Layer>;
  template <class In, class Scope> using infer = typeformer::infer<Layer, In, Scope>;
  template <class In> using passes_down = passed_entry<Layer, In>;

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    c.enter(name);
    auto trace = Layer::walk(c, x, s);
    c.leave();
    return trace;
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace trace, DY dy, Scope s) {
    return Layer::walk_back(c, trace, dy, s);
  }
};

}  // namespace typeformer
