// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/layers/attention_options.hpp>
#include <typeformer/layers/clipped_projections.hpp>

namespace typeformer::detail {

/// Option of the attention whose queries, keys and values are clamped to ± `largest_projection`, if it is not 0.
template <auto C>
using clipping_of =
    std::conditional_t<(C.largest_projection > 0), clipped_projections<C.largest_projection>, without_clipping>;

}  // namespace typeformer::detail
