// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace typeformer::detail {

/// The view of the gradient of a vector, or null for the view of `nothing`.
template <class S> constexpr S* gradient_or_null(S* gradient) { return gradient; }
template <class S> constexpr S* gradient_or_null(const S*) { return nullptr; }

}  // namespace typeformer::detail
