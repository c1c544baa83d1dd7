// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/reference/rotary.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

template <index_type RotaryWidth, number Theta, number Divisor, class W, class S>
constexpr void execute(rotary_table_operation<RotaryWidth, Theta, Divisor>, const call<W>&,
                       block_view<const std::int32_t> positions, block_view<S> table) {
  reference::rotary_table<S>(table.rows, positions.data, RotaryWidth, Theta.value, table.data, Divisor.value);
}

}  // namespace typeformer
