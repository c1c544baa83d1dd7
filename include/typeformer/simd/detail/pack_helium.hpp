// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <arm_mve.h>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/simd/detail/gnu_vector.hpp>

/// Helium (MVE) of Cortex-M55 and M85: compilers make scalar code of comparisons, conversions and the first lanes of its
/// vectors, and no fused multiply-add of a product and a sum.
namespace typeformer::simd::inline TYPEFORMER_ISA {

template <> struct pack<float> {
  using native = float32x4_t;
  static constexpr index_type lanes = 4;

  struct mask {
    mve_pred16_t value;
  };

  pack() = default;
  TYPEFORMER_ALWAYS_INLINE pack(float everywhere) : value(vdupq_n_f32(everywhere)) {}

  static TYPEFORMER_ALWAYS_INLINE pack load(const float* from) { return of(vld1q_f32(from)); }
  static TYPEFORMER_ALWAYS_INLINE pack load_partial(const float* from, index_type n) {
    return of(vld1q_z_f32(from, first_lanes(n)));
  }
  TYPEFORMER_ALWAYS_INLINE void store(float* to) const { vst1q_f32(to, value); }
  TYPEFORMER_ALWAYS_INLINE void store_partial(float* to, index_type n) const { vst1q_p_f32(to, value, first_lanes(n)); }

  friend TYPEFORMER_ALWAYS_INLINE pack operator+(pack a, pack b) { return of(vaddq_f32(a.value, b.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator-(pack a, pack b) { return of(vsubq_f32(a.value, b.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator*(pack a, pack b) { return of(vmulq_f32(a.value, b.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator/(pack a, pack b) { return of(native(floats(a) / floats(b))); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator-(pack a) { return of(vnegq_f32(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE mask operator<(pack a, pack b) { return {vcmpltq_f32(a.value, b.value)}; }
  friend TYPEFORMER_ALWAYS_INLINE mask operator>(pack a, pack b) { return {vcmpgtq_f32(a.value, b.value)}; }
  friend TYPEFORMER_ALWAYS_INLINE pack select(mask m, pack a, pack b) {
    return of(vpselq_f32(a.value, b.value, m.value));
  }
  friend TYPEFORMER_ALWAYS_INLINE bool any(mask m) { return m.value != 0; }
  friend TYPEFORMER_ALWAYS_INLINE pack fma(pack a, pack b, pack c) { return of(vfmaq_f32(c.value, a.value, b.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack lesser(pack a, pack b) { return select(a < b, a, b); }
  friend TYPEFORMER_ALWAYS_INLINE pack greater(pack a, pack b) { return select(a > b, a, b); }
  friend TYPEFORMER_ALWAYS_INLINE pack absolute(pack a) { return of(vabsq_f32(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack sqrt(pack a) {
    for (int lane = 0; lane < lanes; ++lane) a.value[lane] = __builtin_sqrtf(a.value[lane]);
    return a;
  }
  friend TYPEFORMER_ALWAYS_INLINE float sum(pack a) { return (a.value[0] + a.value[2]) + (a.value[1] + a.value[3]); }
  friend TYPEFORMER_ALWAYS_INLINE float maximum(pack a) {
    const detail::larger larger;
    return larger(larger(a.value[0], a.value[2]), larger(a.value[1], a.value[3]));
  }
  friend TYPEFORMER_ALWAYS_INLINE void sums(const pack (&a)[4], float* to) {
    float rows[16];
    for (int i = 0; i < 4; ++i) a[i].store(rows + 4 * i);
    const float32x4x4_t columns = vld4q_f32(rows);
    vst1q_f32(to, vaddq_f32(vaddq_f32(columns.val[0], columns.val[1]), vaddq_f32(columns.val[2], columns.val[3])));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack interleave_low(pack a, pack b) {
    return of(native(detail::interleave_low(floats(a), floats(b))));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack interleave_high(pack a, pack b) {
    return of(native(detail::interleave_high(floats(a), floats(b))));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack evaluated_first(pack a) { return of(typeformer::evaluated_first(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack round_to_nearest(pack a) { return of(vrndnq_f32(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack power_of_two(pack n) {
    return of(vreinterpretq_f32_s32(vaddq_n_s32(vshlq_n_s32(vcvtq_s32_f32(n.value), 23), 0x3f800000)));
  }
  /// Three steps of Newton from a guess of an eighth: four divisions would take longer.
  friend TYPEFORMER_ALWAYS_INLINE pack reciprocal(pack a) {
    native result = vreinterpretq_f32_s32(vsubq_s32(vdupq_n_s32(0x7ef311c7), vreinterpretq_s32_f32(a.value)));
    for (int step = 0; step < 3; ++step)
      result = vfmaq_f32(result, result, vfmsq_f32(vdupq_n_f32(1.0f), a.value, result));
    return select(pack(0x1p126f) < absolute(a), pack(0.0f), of(result));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack times_power_of_two(pack a, pack n) {
    return evaluated_first(a + a) * power_of_two(n - pack(1.0f));
  }

  native value;

 private:
  static TYPEFORMER_ALWAYS_INLINE pack of(native v) {
    pack p;
    p.value = v;
    return p;
  }
  static TYPEFORMER_ALWAYS_INLINE detail::floats4 floats(pack a) { return detail::floats4(a.value); }
  static TYPEFORMER_ALWAYS_INLINE mve_pred16_t first_lanes(index_type n) {
    return vctp32q(static_cast<std::uint32_t>(n > 0 ? n : 0));
  }
};

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
