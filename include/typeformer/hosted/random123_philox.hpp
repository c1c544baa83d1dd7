// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

#include <Random123/philox.h>

namespace typeformer {

/// Random123's Philox4x32-10 as the generator of `dropout<Rate, random123_philox>`, for programs that have that
/// library. It has the same words as `philox`.
struct random123_philox {
  using counter_type = std::array<std::uint32_t, 4>;
  using key_type = std::array<std::uint32_t, 2>;

  static counter_type block(const counter_type& counter, const key_type& key) {
    const r123::Philox4x32::ctr_type words =
        r123::Philox4x32{}({{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1]}});
    return {words[0], words[1], words[2], words[3]};
  }
};

}  // namespace typeformer
