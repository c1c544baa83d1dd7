// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/composition/sequential.hpp>

namespace typeformer {

/// A layer if the condition holds, or none.
template <bool Condition, class Layer> using layer_if = std::conditional_t<Condition, Layer, sequential<>>;

}  // namespace typeformer
