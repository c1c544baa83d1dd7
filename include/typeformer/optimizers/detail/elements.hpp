// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/foundation/math.hpp>
#include <typeformer/simd/pack.hpp>

/// Passes over parallel arrays. The operation on an element is written once, as a generic lambda whose arguments are
/// references to one element of each array. It is called with packs at run time. It is called with scalars in constant
/// evaluation, in double and for the last elements. Values that it assigns are stored, unless the array is const.
namespace typeformer::detail::inline TYPEFORMER_ISA {

constexpr float select(bool condition, float a, float b) { return condition ? a : b; }
constexpr double select(bool condition, double a, double b) { return condition ? a : b; }

/// 1, -1, or 0 for zero and NaN.
template <class T> constexpr T sign(T x) { return select(x > T(0), T(1), select(x < T(0), T(-1), T(0))); }

template <class T> constexpr T square_root(T x) {
  using math::sqrt;
  return sqrt(x);
}
template <class T> constexpr T larger(T a, T b) {
  using math::greater;
  return greater(a, b);
}

template <class A> TYPEFORMER_ALWAYS_INLINE void store_unless_const(simd::pack<float> x, A* to) {
  if constexpr (!std::is_const_v<A>) x.store(to);
}

/// What `f` returns for the packs that begin at `i`.
template <class F, class... A> TYPEFORMER_ALWAYS_INLINE auto visit_pack(index_type i, F& f, A*... arrays) {
  return [&](auto... x) {
    if constexpr (std::is_void_v<decltype(f(x...))>) {
      f(x...);
      (store_unless_const(x, arrays + i), ...);
    } else {
      const auto summand = f(x...);
      (store_unless_const(x, arrays + i), ...);
      return summand;
    }
  }(simd::pack<float>::load(arrays + i)...);
}

/// Calls `f` with one scalar element of each array. Elements of const arrays are copied, so that `f` always gets plain
/// values.
template <class F, class... A> constexpr auto visit_scalar(index_type i, F& f, A*... arrays) { return f(arrays[i]...); }

template <class S, class F, class... A>
constexpr TYPEFORMER_NOINLINE void update_elements(index_type n, F f, A*... arrays) {
  index_type i = 0;
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      for (; i + simd::pack<float>::lanes <= n; i += simd::pack<float>::lanes) visit_pack(i, f, arrays...);
  for (; i < n; ++i) visit_scalar(i, f, arrays...);
}

/// The same, and the sum of the results of `f`: in packs for short runs, and in double across runs.
template <class S, class F, class... A>
constexpr TYPEFORMER_NOINLINE double accumulate_elements(index_type n, F f, A*... arrays) {
  double total = 0;
  index_type i = 0;
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated()) {
      using pack = simd::pack<float>;
      constexpr index_type run = 32 * pack::lanes;
      for (const index_type whole = n / pack::lanes * pack::lanes; i < whole;) {
        pack partial(0.0f);
        for (const index_type end = (std::min)(i + run, whole); i < end; i += pack::lanes)
          partial = partial + visit_pack(i, f, arrays...);
        total += double(sum(partial));
      }
    }
  for (; i < n; ++i) total += double(visit_scalar(i, f, arrays...));
  return total;
}

/// The sum of the squares. Every square is exact and added in double.
template <class S> constexpr TYPEFORMER_NOINLINE double sum_of_squares(index_type n, const S* x) {
  constexpr index_type lanes = 16;
  double partial[lanes]{};
  index_type i = 0;
  for (; i + lanes <= n; i += lanes)
    for (index_type lane = 0; lane < lanes; ++lane) partial[lane] += double(x[i + lane]) * double(x[i + lane]);
  double total = 0;
  for (; i < n; ++i) total += double(x[i]) * double(x[i]);
  for (const double sum : partial) total += sum;
  return total;
}

}  // namespace typeformer::detail::inline TYPEFORMER_ISA
