// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/composition/residual.hpp>

namespace typeformer {

namespace error {
template <class Got, class Needed, class Layer> struct parallel_branches_have_different_widths : mismatch {};
}  // namespace error

namespace detail {

/// In shape inference: the width of the first branch, which the others must have too.
template <class Whole, class In, class Scope, class First, class... Rest> constexpr auto inferred_parallel() {
  using first = typeformer::infer<First, In, Scope>;
  if constexpr (sizeof...(Rest) == 0 || std::derived_from<first, mismatch>) {
    return std::type_identity<first>{};
  } else {
    using rest = typename decltype(inferred_parallel<Whole, In, Scope, Rest...>())::type;
    return std::type_identity<typeformer::kept_width<error::parallel_branches_have_different_widths, Whole, first, rest>>{};
  }
}

}  // namespace detail

/// y = F_1(x) + F_2(x) + …: branches that read the same input and do not wait for one another (Chowdhery et al. 2022,
/// arXiv:2204.02311, §2, after Wang, Komatsuzaki 2021, GPT-J).
///
/// x [rows][width], y [rows][outputs]. Branches whose outputs have different widths are a mismatch. What a branch passes
/// down ends with it. Cost: outputs FLOPs a row for each branch after the first.
template <class... Branches> struct parallel {
  static_assert(sizeof...(Branches) > 0, "typeformer: parallel needs a branch");
  static constexpr bool is_composition = true;

  template <class In, class Scope>
  using infer = typename decltype(detail::inferred_parallel<parallel, In, Scope, Branches...>())::type;

  template <class Y, class Traces> struct trace_of {
    Y y;
    Traces parts;
  };

  template <class Context, class X, class Scope> static constexpr auto walk(Context& c, X x, Scope s) {
    auto end = meta::fold_layers<Branches...>(sum<nothing, meta::record<>>{}, [&](auto state, auto branch) {
      constexpr int position = int(meta::length_of<decltype(state.traces)>);
      const auto trace = detail::walk_child<typename decltype(branch)::type>(c, position, x, s);
      const auto y = added(c, state.y, trace.y);
      const auto traces = meta::append(state.traces, trace);
      return sum<std::remove_const_t<decltype(y)>, std::remove_const_t<decltype(traces)>>{y, traces};
    });
    return trace_of<decltype(end.y), decltype(end.traces)>{end.y, end.traces};
  }
  template <class Context, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Context& c, Trace t, DY dy, Scope s) {
    return back<sizeof...(Branches)>(c, t, dy, s, nothing{});
  }

 private:
  template <class Y, class Traces> struct sum {
    Y y;
    Traces traces;
  };

  template <class Context, class B> static constexpr B added(Context&, nothing, B b) { return b; }
  template <class Context, class B> static constexpr B added(Context& c, B a, B b) {
    const B y = c.template make<typename B::shape>(a, b);
    c.run(add_operation<B::width>{}, a, b, out(y));
    return y;
  }

  template <std::size_t N, class Context, class Trace, class DY, class Scope, class DX>
  static constexpr auto back(Context& c, const Trace& t, DY dy, Scope s, DX dx) {
    if constexpr (N == 0) return dx;
    else
      return back<N - 1>(
          c, t, dy, s,
          added(c, dx, meta::layer_at<N - 1, Branches...>::walk_back(c, meta::at<N - 1>(t.parts), dy, s)));
  }
};

}  // namespace typeformer
