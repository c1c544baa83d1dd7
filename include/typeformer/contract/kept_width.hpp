// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/options.hpp>

namespace typeformer {

namespace detail {
template <template <class, class, class> class Error, class Layer, class In, class Out> struct kept_width {
  using type = Error<width<Out::width>, width<In::width>, Layer>;
};
template <template <class, class, class> class Error, class Layer, class In> struct kept_width<Error, Layer, In, In> {
  using type = In;
};
template <template <class, class, class> class Error, class Layer, class In, std::derived_from<mismatch> Out>
struct kept_width<Error, Layer, In, Out> {
  using type = Out;
};
}  // namespace detail

/// `In` when what stands inside `Layer` gives that shape again; its own mismatch, or `Error<got, needed, Layer>`
/// otherwise.
template <template <class, class, class> class Error, class Layer, class In, class Out> using kept_width =
    typename detail::kept_width<Error, Layer, In, Out>::type;

}  // namespace typeformer
