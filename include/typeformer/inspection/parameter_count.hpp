// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/parameters/layout.hpp>

namespace typeformer {

/// How many scalars the model learns; shared and tied parameters count once.
template <Model M> inline constexpr std::int64_t parameter_count = layout_of<M>.parameters;

}  // namespace typeformer
