// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/options.hpp>

namespace typeformer {

namespace error {
/// The rows of the output belong to something other than those of the input, such as sequences instead of tokens.
template <class Got, class Needed, class Layer> struct rows_stand_for_something_else : mismatch {};
}  // namespace error

namespace detail {
template <template <class, class, class> class Error, class Layer, class In, class Out> struct kept_width {
  using type = std::conditional_t<(Out::rows_are == In::rows_are), Error<width<Out::width>, width<In::width>, Layer>,
                                  error::rows_stand_for_something_else<Out, In, Layer>>;
};
template <template <class, class, class> class Error, class Layer, class In> struct kept_width<Error, Layer, In, In> {
  using type = In;
};
template <template <class, class, class> class Error, class Layer, class In, std::derived_from<mismatch> Out>
struct kept_width<Error, Layer, In, Out> {
  using type = Out;
};
}  // namespace detail

/// `In` if the layers inside `Layer` return that shape again. Otherwise their own mismatch, or `Error<got, needed,
/// Layer>`.
template <template <class, class, class> class Error, class Layer, class In, class Out>
using kept_width = typename detail::kept_width<Error, Layer, In, Out>::type;

}  // namespace typeformer
