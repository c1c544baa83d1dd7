// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>

/// Short forms of the parts of a layer that are the same in most layers. None of them is required.
namespace typeformer {

/// Base of a layer whose output has the shape of its input, whatever that is.
struct keeps_shape {
  template <class In> using infer = In;
};

/// Base of an operation that costs `N` FLOPs per row of its first argument.
template <index_type N> struct flops_per_row {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * N; }
};

/// The trace of a layer: its output, and up to three references or parameters that its `walk_back` needs, which
/// structured bindings name: `return trace{y, x, gain};` and `const auto [y, x, gain] = t;`.
template <class Y, class... Kept> struct trace;
template <class Y> struct trace<Y> {
  Y y;
};
template <class Y, class A> struct trace<Y, A> {
  Y y;
  A kept;
};
template <class Y, class A, class B> struct trace<Y, A, B> {
  Y y;
  A first;
  B second;
};
template <class Y, class A, class B, class C> struct trace<Y, A, B, C> {
  Y y;
  A first;
  B second;
  C third;
};
template <class Y, class... Kept> trace(Y, Kept...) -> trace<Y, Kept...>;

/// Calls f(row, column) for all elements of rows of `Width`.
template <index_type Width, class F> constexpr void for_each_element(index_type rows, F&& f) {
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < Width; ++i) f(row, i);
}

}  // namespace typeformer
