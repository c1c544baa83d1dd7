// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

/// What a state holds in a use, and how many scalars it takes: numbers of the scalar type, unless the use has a format of
/// caches and the layer promises that the state can have it.
template <class Use, state_traits Can> struct state_elements {
  using element = real;
  template <class Shape> static constexpr index_type size = extent<Shape>(Use::reserved);
};
template <class Use, state_traits Can>
  requires(Can.numbers_of_scale > 0) && requires { typename Use::cache_format; }
struct state_elements<Use, Can> {
  using element = typename Use::cache_format;
  template <class Shape>
  static constexpr index_type size =
      Use::reserved.batch *
      element::words_of_cache(extent<Shape>(Use::reserved) / Use::reserved.batch, Can.numbers_of_scale);
};

/// The reference to a state of a use.
template <class Use, class Shape, state_traits Can>
using state_ref_of = state_ref<Shape, typename state_elements<Use, Can>::element>;

}  // namespace typeformer
