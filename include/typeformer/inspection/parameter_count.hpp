// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// The number of scalars that the model learns. Shared and tied parameters count once.
template <Model M> inline constexpr std::int64_t parameter_count = layout_of<M>.parameters;

}  // namespace typeformer
