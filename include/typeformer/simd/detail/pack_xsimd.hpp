// SPDX-License-Identifier: BSL-1.0
#pragma once
// Arduino.h and windows.h define macros with these names, which xsimd uses.
#pragma push_macro("abs")
#pragma push_macro("min")
#pragma push_macro("max")
#pragma push_macro("round")
#undef abs
#undef min
#undef max
#undef round
#include <xsimd/xsimd.hpp>
#pragma pop_macro("abs")
#pragma pop_macro("min")
#pragma pop_macro("max")
#pragma pop_macro("round")

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/evaluated_first.hpp>
#include <typeformer/simd/detail/gnu_vector.hpp>
#include <typeformer/simd/detail/pack_arithmetic.hpp>
#include <typeformer/simd/detail/pack_partial.hpp>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"  // GCC 12's own AVX-512 headers (bug 105593)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace typeformer::simd::inline TYPEFORMER_ISA {

template <> struct pack<float> {
  using batch = xsimd::batch<float>;
  static_assert(sizeof(batch) == TYPEFORMER_VECTOR_BYTES, "xsimd and simd/isa.hpp disagree about the target");
  using native = typename detail::gnu_vector<sizeof(batch)>::floats;
  static constexpr index_type lanes = static_cast<index_type>(batch::size);

  struct mask {
    typename batch::batch_bool_type value;
  };

  pack() = default;
  TYPEFORMER_ALWAYS_INLINE pack(float everywhere) : value(everywhere) {}
  TYPEFORMER_ALWAYS_INLINE explicit pack(const batch& v) : value(v) {}

  static TYPEFORMER_ALWAYS_INLINE pack load(const float* from) { return pack(batch::load_unaligned(from)); }
  static TYPEFORMER_ALWAYS_INLINE pack load_partial(const float* from, index_type n) {
    return of(detail::load_partial<native>(from, n));
  }
  TYPEFORMER_ALWAYS_INLINE void store(float* to) const { value.store_unaligned(to); }
  TYPEFORMER_ALWAYS_INLINE void store_partial(float* to, index_type n) const { detail::store_partial(vector(), to, n); }

  friend TYPEFORMER_ALWAYS_INLINE pack operator+(pack a, pack b) { return pack(a.value + b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator-(pack a, pack b) { return pack(a.value - b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator*(pack a, pack b) { return pack(a.value * b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator/(pack a, pack b) { return pack(a.value / b.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack operator-(pack a) { return pack(-a.value); }
  friend TYPEFORMER_ALWAYS_INLINE mask operator<(pack a, pack b) { return {a.value < b.value}; }
  friend TYPEFORMER_ALWAYS_INLINE mask operator>(pack a, pack b) { return {b.value < a.value}; }
  friend TYPEFORMER_ALWAYS_INLINE pack select(mask m, pack a, pack b) {
    return pack(xsimd::select(m.value, a.value, b.value));
  }
  friend TYPEFORMER_ALWAYS_INLINE bool any(mask m) { return xsimd::any(m.value); }
  friend TYPEFORMER_ALWAYS_INLINE pack fma(pack a, pack b, pack c) {
#if defined(__AVX512F__)  // xsimd 8.1 has no fused multiply-add there
    return pack(batch(_mm512_fmadd_ps(a.value, b.value, c.value)));
#else
    return pack(xsimd::fma(a.value, b.value, c.value));
#endif
  }
  // Not xsimd's own functions, because their result for a NaN differs between versions.
  friend TYPEFORMER_ALWAYS_INLINE pack lesser(pack a, pack b) { return of(detail::lesser(a.vector(), b.vector())); }
  friend TYPEFORMER_ALWAYS_INLINE pack greater(pack a, pack b) { return of(detail::greater(a.vector(), b.vector())); }
  friend TYPEFORMER_ALWAYS_INLINE pack absolute(pack a) { return pack((xsimd::abs)(a.value)); }
  friend TYPEFORMER_ALWAYS_INLINE pack sqrt(pack a) {
#if defined(__AVX512F__)
    return pack(batch(_mm512_maskz_sqrt_ps(detail::all_lanes, a.value)));
#else
    return pack(xsimd::sqrt(a.value));
#endif
  }
  friend TYPEFORMER_ALWAYS_INLINE float sum(pack a) { return detail::reduce(a.vector(), detail::add{}); }
  friend TYPEFORMER_ALWAYS_INLINE float maximum(pack a) { return detail::reduce(a.vector(), detail::larger{}); }
  friend TYPEFORMER_ALWAYS_INLINE void sums(const pack (&a)[4], float* to) {
    const detail::floats4 four = detail::sums(a[0].vector(), a[1].vector(), a[2].vector(), a[3].vector());
    __builtin_memcpy(to, &four, sizeof four);
  }
  friend TYPEFORMER_ALWAYS_INLINE pack interleave_low(pack a, pack b) {
    return of(detail::interleave_low(a.vector(), b.vector()));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack interleave_high(pack a, pack b) {
    return of(detail::interleave_high(a.vector(), b.vector()));
  }
  friend TYPEFORMER_ALWAYS_INLINE pack evaluated_first(pack a) { return of(typeformer::evaluated_first(a.vector())); }
  friend TYPEFORMER_ALWAYS_INLINE pack round_to_nearest(pack a) { return of(detail::round_to_nearest(a.vector())); }
  friend TYPEFORMER_ALWAYS_INLINE pack power_of_two(pack n) { return of(detail::power_of_two(n.vector())); }
  friend TYPEFORMER_ALWAYS_INLINE pack reciprocal(pack a) { return of(detail::reciprocal(a.vector())); }
  friend TYPEFORMER_ALWAYS_INLINE pack times_power_of_two(pack a, pack n) {
    return of(detail::times_power_of_two(a.vector(), n.vector()));
  }

  batch value;

 private:
  using register_type = typename batch::register_type;
  TYPEFORMER_ALWAYS_INLINE native vector() const { return (native) static_cast<register_type>(value); }
  static TYPEFORMER_ALWAYS_INLINE pack of(const native& v) { return pack(batch((register_type)v)); }
};

}  // namespace typeformer::simd::inline TYPEFORMER_ISA

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
