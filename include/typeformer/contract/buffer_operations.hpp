// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/call.hpp>

namespace typeformer {

/// Every element becomes zero.
struct clear_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
/// sum += x.
template <index_type Width> struct accumulate_operation {
  static constexpr std::int64_t flops(std::int64_t rows) { return rows * Width; }
};

template <class W, class S> constexpr void execute(clear_operation, const call<W>&, block_view<S> x) {
  for (index_type i = 0; i < x.rows * x.stride; ++i) x.data[i] = S{0};
}
template <index_type Width, class W, class S>
constexpr void execute(accumulate_operation<Width>, const call<W>&, block_view<const S> x, block_view<S> sum) {
  for (index_type i = 0; i < x.rows * Width; ++i) sum.data[i] += x.data[i];
}

}  // namespace typeformer
