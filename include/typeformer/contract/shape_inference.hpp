// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Base of every way in which a composition can be wrong. A mismatch takes the place of a shape, carries the layer and
/// the numbers, and short-circuits the rest of the inference, so that it is reported once, at the model.
struct mismatch {};

template <class T>
concept Shape = !std::derived_from<T, mismatch>;

namespace detail {
template <class Layer, class In> struct inferred {
  using type = typename Layer::template infer<In>;
};
template <class Layer, class In>
  requires std::derived_from<In, mismatch>
struct inferred<Layer, In> {
  using type = In;
};
}  // namespace detail

/// The output shape of `Layer` for the input shape `In`, or the first mismatch.
template <class Layer, class In> using infer = typename detail::inferred<Layer, In>::type;

namespace detail {
template <class In, class... Layers> struct inferred_chain {
  using type = In;
};
template <class In, class First, class... Rest>
struct inferred_chain<In, First, Rest...> : inferred_chain<typeformer::infer<First, In>, Rest...> {};
}  // namespace detail

/// The output shape of layers applied one after the other, or the first mismatch.
template <class In, class... Layers> using infer_chain = typename detail::inferred_chain<In, Layers...>::type;

}  // namespace typeformer
