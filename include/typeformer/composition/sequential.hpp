// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/meta/layer_list.hpp>

namespace typeformer {

namespace detail {

template <class X, class Scope, class Traces, class Scopes> struct chain {
  X x;
  Scope inside;
  Traces traces;
  Scopes scopes;
};

template <class Layer, class Walk, class X, class Trace, class Scope>
constexpr auto scope_after(const Walk&, X, const Trace& trace, const Scope& s) {
  using entry = passed_entry<Layer, typename X::shape>;
  if constexpr (std::is_same_v<entry, nothing>) return s;
  else return pass_down<entry, typename Walk::use>(s, trace.passed);
}

/// Parameters of an unnamed layer are numbered by its position; compositions are transparent.
template <class Layer, class Context, class X, class Scope>
constexpr auto walk_child(Context& c, int position, X x, Scope s) {
  if constexpr (requires { Layer::name; } || requires { Layer::is_composition; }) {
    return Layer::walk(c, x, s);
  } else {
    c.enter(position);
    auto trace = Layer::walk(c, x, s);
    c.leave();
    return trace;
  }
}

}  // namespace detail

/// Layers applied one after the other: y = L_n(… L_2(L_1(x))).
///
/// What a layer passes down (`passes_down`) reaches the layers after it.
template <class... Layers> struct sequential {
  static constexpr bool is_composition = true;
  template <class In, class Scope> using infer = infer_chain<In, Scope, Layers...>;

  template <class Y, class Traces, class Scopes> struct trace_of {
    Y y;
    Traces parts;
    Scopes scopes;
  };

  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope s) {
    auto end = meta::fold_layers<Layers...>(
        detail::chain<X, Scope, meta::record<>, meta::record<>>{x, s, {}, {}}, [&c](auto state, auto layer) {
          using L = typename decltype(layer)::type;
          constexpr int position = int(meta::length_of<decltype(state.traces)>);
          auto trace = detail::walk_child<L>(c, position, state.x, state.inside);
          auto inside = detail::scope_after<L>(c, state.x, trace, state.inside);
          auto traces = meta::append(state.traces, trace);
          auto scopes = meta::append(state.scopes, state.inside);
          return detail::chain<decltype(trace.y), decltype(inside), decltype(traces), decltype(scopes)>{
              trace.y, inside, traces, scopes};
        });
    return trace_of<decltype(end.x), decltype(end.traces), decltype(end.scopes)>{end.x, end.traces, end.scopes};
  }

  template <class Context, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Context& c, Trace t, DY dy, Scope) {
    return back<sizeof...(Layers)>(c, t, dy);
  }

 private:
  template <std::size_t N, class Context, class Trace, class DY>
  static constexpr auto back(Context& c, const Trace& t, DY dy) {
    if constexpr (N == 0) return dy;
    else
      return back<N - 1>(c, t,
                         meta::layer_at<N - 1, Layers...>::walk_back(c, meta::at<N - 1>(t.parts), dy,
                                                                     meta::at<N - 1>(t.scopes)));
  }
};

/// One layer in a row is that layer.
template <class Layer>
  requires requires { Layer::is_composition; }
struct sequential<Layer> : Layer {};

}  // namespace typeformer
