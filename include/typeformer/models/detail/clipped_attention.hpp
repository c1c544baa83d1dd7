// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/layers/clipped_projections.hpp>
#include <typeformer/models/detail/decoder_parts.hpp>

namespace typeformer::detail {

/// Attention whose queries, keys and values are clamped to ± `Largest`, if it is not 0.
template <auto C, number Largest, class... Options>
using clipped_attention =
    std::conditional_t<(Largest.value > 0), grouped_attention<C, Options..., clipped_projections<Largest>>,
                       grouped_attention<C, Options...>>;

}  // namespace typeformer::detail
