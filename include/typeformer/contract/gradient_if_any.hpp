// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/scope.hpp>
#include <typeformer/shape/references.hpp>

namespace typeformer::detail {

/// The gradient of a parameter that a layer may not have.
constexpr nothing gradient_if_any(nothing) { return {}; }
template <class Parameter> constexpr auto gradient_if_any(Parameter parameter) { return gradient_of(parameter); }

}  // namespace typeformer::detail
