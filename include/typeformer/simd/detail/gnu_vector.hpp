// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/simd/isa.hpp>

/// Operations that need no intrinsics: every register type of GCC and Clang is a GNU vector.
namespace typeformer::simd::inline TYPEFORMER_ISA::detail {

template <int Bytes> struct gnu_vector {
  typedef float floats __attribute__((vector_size(Bytes)));
  typedef std::int32_t ints __attribute__((vector_size(Bytes)));
  typedef std::uint32_t bits __attribute__((vector_size(Bytes)));
};

using floats4 = gnu_vector<16>::floats;
using floats8 = gnu_vector<32>::floats;
using floats16 = gnu_vector<64>::floats;

struct add {
  template <class V> TYPEFORMER_ALWAYS_INLINE V operator()(V a, V b) const { return a + b; }
};
struct larger {
  template <class V> TYPEFORMER_ALWAYS_INLINE V operator()(V a, V b) const { return a > b ? a : b; }
};

/// Halves the vector until one element is left.
template <class Combine> TYPEFORMER_ALWAYS_INLINE float reduce(const floats4& v, Combine combine) {
  const floats4 two = combine(v, floats4(__builtin_shufflevector(v, v, 2, 3, 2, 3)));
  return combine(float(two[0]), float(two[1]));
}
#if TYPEFORMER_VECTOR_BYTES >= 32
template <class Combine> TYPEFORMER_ALWAYS_INLINE float reduce(const floats8& v, Combine combine) {
  return reduce(
      combine(floats4(__builtin_shufflevector(v, v, 0, 1, 2, 3)), floats4(__builtin_shufflevector(v, v, 4, 5, 6, 7))),
      combine);
}
#endif
#if TYPEFORMER_VECTOR_BYTES >= 64
template <class Combine> TYPEFORMER_ALWAYS_INLINE float reduce(const floats16& v, Combine combine) {
  return reduce(combine(floats8(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)),
                        floats8(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15))),
                combine);
}
#endif

/// The lower or upper halves of a and b, interleaved.
TYPEFORMER_ALWAYS_INLINE floats4 interleave_low(const floats4& a, const floats4& b) {
  return floats4(__builtin_shufflevector(a, b, 0, 4, 1, 5));
}
TYPEFORMER_ALWAYS_INLINE floats4 interleave_high(const floats4& a, const floats4& b) {
  return floats4(__builtin_shufflevector(a, b, 2, 6, 3, 7));
}
#if TYPEFORMER_VECTOR_BYTES >= 32
TYPEFORMER_ALWAYS_INLINE floats8 interleave_low(const floats8& a, const floats8& b) {
  return floats8(__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
}
TYPEFORMER_ALWAYS_INLINE floats8 interleave_high(const floats8& a, const floats8& b) {
  return floats8(__builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
}
#endif
#if TYPEFORMER_VECTOR_BYTES >= 64
TYPEFORMER_ALWAYS_INLINE floats16 interleave_low(const floats16& a, const floats16& b) {
  return floats16(__builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
}
TYPEFORMER_ALWAYS_INLINE floats16 interleave_high(const floats16& a, const floats16& b) {
  return floats16(__builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
}
#endif

/// Adds the quarters of a vector, or the halves, until 4 lanes are left.
TYPEFORMER_ALWAYS_INLINE floats4 fold(const floats4& v) { return v; }
#if TYPEFORMER_VECTOR_BYTES >= 32
TYPEFORMER_ALWAYS_INLINE floats4 fold(const floats8& v) {
  return floats4(__builtin_shufflevector(v, v, 0, 1, 2, 3)) + floats4(__builtin_shufflevector(v, v, 4, 5, 6, 7));
}
#endif
#if TYPEFORMER_VECTOR_BYTES >= 64
TYPEFORMER_ALWAYS_INLINE floats4 fold(const floats16& v) {
  return fold(floats8(__builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)) +
              floats8(__builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)));
}
#endif

/// The four sums over the lanes of four vectors.
template <class Floats>
TYPEFORMER_ALWAYS_INLINE floats4 sums(const Floats& a, const Floats& b, const Floats& c, const Floats& d) {
  const floats4 p = fold(a), q = fold(b), r = fold(c), s = fold(d);
  const floats4 pq = interleave_low(p, q) + interleave_high(p, q), rs = interleave_low(r, s) + interleave_high(r, s);
  return floats4(__builtin_shufflevector(pq, rs, 0, 1, 4, 5)) + floats4(__builtin_shufflevector(pq, rs, 2, 3, 6, 7));
}

/// x + 1.5 * 2^23 holds the nearest integer in its low bits. Reading the bits instead of subtracting gives the right
/// result even if the compiler regroups sums or computes them with more precision than float.
inline constexpr float integer_in_low_bits = 12582912.0f;
inline constexpr std::uint32_t zero_in_low_bits = 0x4b400000u;

/// The nearest integers, for |x| < 2^22.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats round_to_nearest(const Floats& x) {
  using vector = gnu_vector<int(sizeof(Floats))>;
  const auto low_bits = (typename vector::bits)(x + integer_in_low_bits);
  return __builtin_convertvector((typename vector::ints)(low_bits - zero_in_low_bits), Floats);
}

/// 2^n for integer-valued n in [-127, 127]; 2^-127 gives 0.
template <class Floats> TYPEFORMER_ALWAYS_INLINE Floats power_of_two(const Floats& n) {
  using bits = typename gnu_vector<int(sizeof(Floats))>::bits;
  return (Floats)(((bits)(n + integer_in_low_bits) << 23) + 0x3f800000u);
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA::detail
