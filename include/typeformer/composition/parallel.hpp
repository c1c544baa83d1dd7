// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <type_traits>

#include <typeformer/composition/sequential.hpp>
#include <typeformer/contract/buffer_operations.hpp>
#include <typeformer/contract/kept_width.hpp>
#include <typeformer/contract/shape_inference.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer {

namespace error {
template <class Got, class Needed, class Layer> struct parallel_branches_have_different_widths : mismatch {};
template <class Layer> struct parallel_has_no_branch : mismatch {};
}  // namespace error

namespace detail {

/// In shape inference: the output width of the first branch, which the others must have too.
template <class Whole, class In, class Scope, class First, class... Rest> constexpr auto inferred_parallel() {
  using first = typeformer::infer<First, In, Scope>;
  if constexpr (sizeof...(Rest) == 0 || std::derived_from<first, mismatch>) {
    return std::type_identity<first>{};
  } else {
    using rest = typename decltype(inferred_parallel<Whole, In, Scope, Rest...>())::type;
    return std::type_identity<
        typeformer::kept_width<error::parallel_branches_have_different_widths, Whole, first, rest>>{};
  }
}

}  // namespace detail

/// y = F_1(x) + F_2(x) + …: branches that read the same input and do not depend on one another (Chowdhery et al. 2022,
/// arXiv:2204.02311, §2, after Wang, Komatsuzaki 2021, GPT-J).
///
/// x [rows][width], y [rows][outputs]. Branches whose outputs have different widths are a mismatch. What a layer of a
/// branch passes down is visible only in that branch. Cost: outputs FLOPs per row for each branch after the first.
template <class... Branches> struct parallel {
  static constexpr bool is_composition = true;
  using inner = inner_layers<Branches...>;
  using checked_options =
      std::conditional_t<sizeof...(Branches) == 0, error::parallel_has_no_branch<parallel>, nothing>;

  template <class In, class Scope>
  using infer = typename decltype(detail::inferred_parallel<parallel, In, Scope, Branches...>())::type;

  /// The walk's position at the start of the branches. It suffices to make the trace of each again.
  template <class Y, class X> struct trace_of {
    Y y;
    X x;
    walk_mark start;
  };

  template <class Walk, class X, class Scope> static constexpr auto walk(Walk& c, X x, Scope s) {
    const walk_mark start = c.mark();
    const auto y = walk_to<0, sizeof...(Branches)>(c, x, s, nothing{});
    return trace_of<std::remove_const_t<decltype(y)>, X>{y, x, start};
  }
  template <class Walk, class Trace, class DY, class Scope>
  static constexpr auto walk_back(Walk& c, Trace t, DY dy, Scope s) {
    return back<sizeof...(Branches)>(c, t, dy, s, nothing{});
  }

 private:
  template <std::size_t K> using branch = meta::layer_at<K, Branches...>;

  template <class Walk, class B> static constexpr B added(Walk&, nothing, B b) { return b; }
  template <class Walk, class B> static constexpr B added(Walk& c, B a, B b) {
    const B y = c.template make<typename B::shape>(a, b);
    c.run(add_operation<B::width>{}, a, b, out(y));
    return y;
  }

  /// Walks branches [At, End) and adds their outputs.
  template <std::size_t At, std::size_t End, class Walk, class X, class Scope, class Y>
  TYPEFORMER_ALWAYS_INLINE static constexpr auto walk_to(Walk& c, X x, Scope s, Y y) {
    if constexpr (At == End) return y;
    else return walk_to<At + 1, End>(c, x, s, added(c, y, detail::output_of<branch<At>>(c, int(At), x, s)));
  }

  template <std::size_t N, class Walk, class Trace, class DY, class Scope, class DX>
  TYPEFORMER_ALWAYS_INLINE static constexpr auto back(Walk& c, const Trace& t, DY dy, Scope s, DX dx) {
    if constexpr (N == 0) return dx;
    else return back<N - 1>(c, t, dy, s, added(c, dx, back_through<N - 1>(c, t, dy, s)));
  }
  /// Makes the trace of branch K again, and runs its backward pass.
  template <std::size_t K, class Walk, class Trace, class DY, class Scope>
  TYPEFORMER_NOINLINE static constexpr auto back_through(Walk& c, const Trace& t, DY dy, Scope s) {
    retracing<typename Walk::use> again{t.start};
    walk_to<0, K>(again, t.x, s, nothing{});
    return branch<K>::walk_back(c, detail::walk_child<branch<K>>(again, int(K), t.x, s), dy, s);
  }
};

}  // namespace typeformer
