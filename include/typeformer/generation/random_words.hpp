// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>

namespace typeformer {

/// A uniform random bit generator that returns 32 random bits per call, such as `philox` or `std::mt19937`.
template <class G>
concept RandomWords = requires(G generator) {
  { generator() } -> std::unsigned_integral;
  requires(G::min)() == 0u && (G::max)() == 0xFFFF'FFFFu;
};

}  // namespace typeformer
