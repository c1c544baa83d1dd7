// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// Says for every tensor whether training changes it. The others are frozen.
template <class P>
concept TrainingPolicy = std::predicate<const P&, const parameter_tensor&>;

struct trains_everything {
  constexpr bool operator()(const parameter_tensor&) const { return true; }
};

}  // namespace typeformer
