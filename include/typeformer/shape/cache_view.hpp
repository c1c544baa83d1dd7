// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/shape/references.hpp>

namespace typeformer {

/// A state with a narrow format, in memory of scalars. `cached_heads` says where its numbers lie.
template <class Format, class Scalar> struct cache_view {
  Scalar* data = nullptr;
  const float* fixed_scales = nullptr;  ///< of its columns, if the format has them
};

namespace detail {
template <class Element, class Scalar> struct view_of_state {
  using type = cache_view<Element, Scalar>;
};
template <class Scalar> struct view_of_state<real, Scalar> {
  using type = Scalar*;
};
}  // namespace detail

/// What an operation gets for a state.
template <class Element, class Scalar> using state_view = typename detail::view_of_state<Element, Scalar>::type;

}  // namespace typeformer
