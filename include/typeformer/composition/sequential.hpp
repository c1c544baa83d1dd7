// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <type_traits>

#include <typeformer/contract/declared_limits.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/memory/retracing.hpp>
#include <typeformer/meta/layer_list.hpp>

namespace typeformer {

namespace detail {

template <class Layer, class Walk, class X, class Trace, class Scope>
constexpr auto scope_after(const Walk&, X, const Trace& trace, const Scope& s) {
  using entry = passed_entry<Layer, typename X::shape>;
  if constexpr (std::is_same_v<entry, nothing>) return s;
  else return pass_down<entry, typename Walk::use>(s, trace.passed);
}

/// Parameters of a layer without a name are numbered by its position. Compositions add nothing to the path.
template <class Layer, class Walk, class X, class Scope>
constexpr auto walk_child(Walk& c, int position, X x, Scope s) {
  if constexpr (
      requires { Layer::name; } || requires { Layer::is_composition; }) {
    return Layer::walk(c, x, s);
  } else {
    c.enter(position);
    auto trace = Layer::walk(c, x, s);
    c.leave();
    return trace;
  }
}

/// A separate function, so that no stack frame grows with the number of layers and equal layers share their code.
template <class Layer, class Walk, class X, class Scope>
TYPEFORMER_NOINLINE constexpr auto output_of(Walk& c, int position, X x, Scope s) {
  return walk_child<Layer>(c, position, x, s).y;
}

}  // namespace detail

/// Layers applied in sequence: y = L_n(… L_2(L_1(x))).
///
/// What a layer passes down (`passes_down`) is visible to the layers after it.
template <class... Layers> struct sequential {
  static constexpr bool is_composition = true;
  using inner = inner_layers<Layers...>;
  template <class In, class Scope> using infer = infer_chain<In, Scope, Layers...>;

  /// The walk's position at the start of the layers. It suffices to make the trace of each again.
  template <class Y, class X> struct trace_of {
    Y y;
    X x;
    walk_mark start;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    const walk_mark start = c.mark();
    const auto y = walk_to<0, sizeof...(Layers)>(c, x, s, [](auto y_of_last, auto) { return y_of_last; });
    return trace_of<std::remove_const_t<decltype(y)>, X>{y, x, start};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    return back<sizeof...(Layers)>(c, t, dy, s);
  }

 private:
  template <std::size_t K> using layer = meta::layer_at<K, Layers...>;

  /// Walks layers [At, End) and calls then(the input of layer End, its scope).
  template <std::size_t At, std::size_t End, class Walk, class X, class Scope, class Then>
  TYPEFORMER_ALWAYS_INLINE static constexpr auto walk_to(Walk& c, X x, Scope s, Then then) {
    if constexpr (At == End) {
      return then(x, s);
    } else if constexpr (std::is_same_v<passed_entry<layer<At>, typename X::shape>, nothing>) {
      return walk_to<At + 1, End>(c, detail::output_of<layer<At>>(c, int(At), x, s), s, then);
    } else {
      const auto trace = detail::walk_child<layer<At>>(c, int(At), x, s);
      return walk_to<At + 1, End>(c, trace.y, detail::scope_after<layer<At>>(c, x, trace, s), then);
    }
  }

  template <std::size_t N, class Walk, class Trace, class DY, class Scope>
  TYPEFORMER_ALWAYS_INLINE static constexpr auto back(Walk& c, const Trace& t, DY dy, Scope s) {
    if constexpr (N == 0) return dy;
    else return back<N - 1>(c, t, back_through<N - 1>(c, t, dy, s), s);
  }
  /// Makes the trace of layer K again, and runs its backward pass.
  template <std::size_t K, class Walk, class Trace, class DY, class Scope>
  TYPEFORMER_NOINLINE static constexpr auto back_through(Walk& c, const Trace& t, DY dy, Scope s) {
    retracing<typename Walk::use> again{t.start};
    return walk_to<0, K>(again, t.x, s, [&](auto x, auto inside) {
      return layer<K>::walk_back(c, detail::walk_child<layer<K>>(again, int(K), x, inside), dy, inside);
    });
  }
};

/// A sequence of one composition is that composition.
template <class Layer>
  requires requires { Layer::is_composition; }
struct sequential<Layer> : Layer {};

}  // namespace typeformer
