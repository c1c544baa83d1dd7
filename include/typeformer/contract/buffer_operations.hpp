// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Every element becomes zero.
struct clear_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
/// sum += x.
template <index_type Width> struct accumulate_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};
/// y = a + b, row by row.
template <index_type Width> struct add_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

}  // namespace typeformer
