// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <vector>

#include <typeformer/foundation/config.hpp>

namespace typeformer::laws {

/// Pseudo-random numbers, the same on every platform.
class pseudo_random {
 public:
  explicit pseudo_random(std::uint32_t seed) : state_{seed} {}
  std::uint32_t word() { return (state_ = state_ * 1664525u + 1013904223u) >> 8; }
  double between(double low, double high) { return low + (high - low) * double(word()) / double(1u << 24); }
  std::int32_t below(index_type n) { return std::int32_t(word() % std::uint32_t(n)); }

 private:
  std::uint32_t state_;
};

template <class Scalar> std::vector<Scalar> random_values(std::int64_t count, std::uint32_t seed = 7) {
  pseudo_random random{seed};
  std::vector<Scalar> values(static_cast<std::size_t>(count));
  for (Scalar& v : values) v = Scalar(random.between(-0.5, 0.5));
  return values;
}

}  // namespace typeformer::laws
