// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/foundation/multiply_add.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

template <> struct pack<float> {
  static constexpr index_type lanes = 1;

  struct mask {
    bool value;
  };

  pack() = default;
  constexpr pack(float everywhere) : value{everywhere} {}

  static constexpr pack load(const float* from) { return *from; }
  static constexpr pack load_partial(const float* from, index_type n) { return n > 0 ? *from : 0.0f; }
  constexpr void store(float* to) const { *to = value; }
  constexpr void store_partial(float* to, index_type n) const {
    if (n > 0) *to = value;
  }

  friend constexpr pack operator+(pack a, pack b) { return a.value + b.value; }
  friend constexpr pack operator-(pack a, pack b) { return a.value - b.value; }
  friend constexpr pack operator*(pack a, pack b) { return a.value * b.value; }
  friend constexpr pack operator/(pack a, pack b) { return a.value / b.value; }
  friend constexpr pack operator-(pack a) { return -a.value; }
  friend constexpr mask operator<(pack a, pack b) { return {a.value < b.value}; }
  friend constexpr mask operator>(pack a, pack b) { return {a.value > b.value}; }
  friend constexpr pack select(mask m, pack a, pack b) { return m.value ? a.value : b.value; }
  friend constexpr bool any(mask m) { return m.value; }
  friend TYPEFORMER_ALWAYS_INLINE constexpr pack fma(pack a, pack b, pack c) {
    return multiply_add(a.value, b.value, c.value);
  }
  friend constexpr pack lesser(pack a, pack b) { return a.value < b.value ? a.value : b.value; }
  friend constexpr pack greater(pack a, pack b) { return a.value > b.value ? a.value : b.value; }
  friend constexpr pack absolute(pack a) { return __builtin_fabsf(a.value); }
  friend pack sqrt(pack a) { return __builtin_sqrtf(a.value); }
  friend constexpr float sum(pack a) { return a.value; }
  friend constexpr float maximum(pack a) { return a.value; }
  friend constexpr void sums(const pack (&a)[4], float* to) {
    for (int i = 0; i < 4; ++i) to[i] = a[i].value;
  }
  friend constexpr pack evaluated_first(pack a) { return typeformer::evaluated_first(a.value); }
  friend constexpr pack round_to_nearest(pack a) {
    return static_cast<float>(static_cast<std::int32_t>(bits_of_integer(a.value) - bits_of_integer(0.0f)));
  }
  friend constexpr pack power_of_two(pack n) {
    return std::bit_cast<float>((bits_of_integer(n.value) << 23) + 0x3f800000u);
  }
  friend constexpr pack reciprocal(pack a) { return 1.0f / a.value; }
  friend constexpr pack times_power_of_two(pack a, pack n) { return evaluated_first(a + a) * power_of_two(n - 1.0f); }

  float value;

 private:
  /// The low bits of x + 1.5 * 2^23 are the nearest integer, for any regrouping and precision of sums.
  static constexpr std::uint32_t bits_of_integer(float x) { return std::bit_cast<std::uint32_t>(x + 12582912.0f); }
};

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
