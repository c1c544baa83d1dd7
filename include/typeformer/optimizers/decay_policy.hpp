// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// Says for every tensor whether weight decay applies to it.
template <class P>
concept DecayPolicy = std::predicate<const P&, const parameter_tensor&>;

/// Matrices and tables decay; biases and the gains of norms do not. Most published recipes do the same.
struct decays_matrices_only {
  constexpr bool operator()(const parameter_tensor& tensor) const { return tensor.of->kind != parameter_kind::vector; }
};

struct decays_everything {
  constexpr bool operator()(const parameter_tensor&) const { return true; }
};

}  // namespace typeformer
