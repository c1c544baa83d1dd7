// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/simd/detail/gnu_vector.hpp>
#include <typeformer/simd/detail/pack_arithmetic.hpp>
#include <typeformer/simd/detail/pack_partial.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

template <> struct pack<float> {
  using native = detail::gnu_vector<TYPEFORMER_VECTOR_BYTES>::floats;
  using integers = detail::gnu_vector<TYPEFORMER_VECTOR_BYTES>::ints;
  using bits = detail::gnu_vector<TYPEFORMER_VECTOR_BYTES>::bits;
  static constexpr index_type lanes = static_cast<index_type>(sizeof(native) / sizeof(float));

  struct mask {
    integers value;
  };

  pack() = default;
  TYPEFORMER_ALWAYS_INLINE pack(float everywhere) : value(everywhere - native{}) {}

  static TYPEFORMER_ALWAYS_INLINE pack load(const float* from) {
    pack p;
    __builtin_memcpy(&p.value, from, sizeof(native));
    return p;
  }
  static TYPEFORMER_ALWAYS_INLINE pack load_partial(const float* from, index_type n) {
    return of(detail::load_partial<native>(from, n));
  }
  TYPEFORMER_ALWAYS_INLINE void store(float* to) const { __builtin_memcpy(to, &value, sizeof(native)); }
  TYPEFORMER_ALWAYS_INLINE void store_partial(float* to, index_type n) const { detail::store_partial(value, to, n); }

  friend TYPEFORMER_ALWAYS_INLINE pack operator+(pack a, pack b) { return of(a.value + b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator-(pack a, pack b) { return of(a.value - b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator*(pack a, pack b) { return of(a.value * b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator/(pack a, pack b) { return of(a.value / b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator-(pack a) { return of(-a.value); }
  friend TYPEFORMER_ALWAYS_INLINE mask operator<(pack a, pack b) { return {a.value < b.value}; }
  friend TYPEFORMER_ALWAYS_INLINE mask operator>(pack a, pack b) { return {a.value > b.value}; }
  friend TYPEFORMER_ALWAYS_INLINE pack select(mask m, pack a, pack b) {
    const bits chosen = (bits)m.value;
    return of((native)((chosen & (bits)a.value) | (~chosen & (bits)b.value)));
  }
  friend TYPEFORMER_ALWAYS_INLINE bool any(mask m) { return maximum(select(m, pack(1.0f), pack(0.0f))) > 0; }
  /// One instruction where the target has it, because compilers contract a product and a sum.
  friend TYPEFORMER_ALWAYS_INLINE pack fma(pack a, pack b, pack c) { return of(a.value * b.value + c.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack lesser(pack a, pack b) { return of(detail::lesser(a.value, b.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack greater(pack a, pack b) { return of(detail::greater(a.value, b.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack absolute(pack a) { return of((native)((bits)a.value & 0x7fffffffu)); }
  friend TYPEFORMER_ALWAYS_INLINE pack sqrt(pack a) {
    for (index_type lane = 0; lane < lanes; ++lane) a.value[lane] = __builtin_sqrtf(a.value[lane]);
    return a;
  }
  friend TYPEFORMER_ALWAYS_INLINE float sum(pack a) { return detail::reduce(a.value, detail::add{}); }
  friend TYPEFORMER_ALWAYS_INLINE float maximum(pack a) { return detail::reduce(a.value, detail::larger{}); }
  friend TYPEFORMER_ALWAYS_INLINE void sums(const pack (&a)[4], float* to) {
    const detail::floats4 four = detail::sums(a[0].value, a[1].value, a[2].value, a[3].value);
    __builtin_memcpy(to, &four, sizeof four);
  }
  friend TYPEFORMER_ALWAYS_INLINE pack interleave_low(pack a, pack b) {
    return of(detail::interleave_low(a.value, b.value));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack interleave_high(pack a, pack b) {
    return of(detail::interleave_high(a.value, b.value));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack evaluated_first(pack a) { return of(typeformer::evaluated_first(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack round_to_nearest(pack a) { return of(detail::round_to_nearest(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack power_of_two(pack n) { return of(detail::power_of_two(n.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack reciprocal(pack a) { return of(detail::reciprocal(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack times_power_of_two(pack a, pack n) {
    return of(detail::times_power_of_two(a.value, n.value));
  }

  native value;

 private:
  static TYPEFORMER_ALWAYS_INLINE pack of(const native& v) {
    pack p;
    p.value = v;
    return p;
  }
};

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
