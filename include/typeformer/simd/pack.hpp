// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/simd/isa.hpp>

namespace typeformer::simd::inline TYPEFORMER_ISA {

/// One vector register of `lanes` scalars. Every backend of `pack<float>` offers the same:
///
/// - `pack(float)` in every lane (implicit); `load(p)` and `store(p)`, unaligned; `load_partial(p, n)` (the other lanes
/// are 0) and `store_partial(p, n)` for n in [0, lanes], which access no memory beyond n scalars;
/// - `+ - * /`, unary `-`, `fma(a, b, c)` = a * b + c, `absolute`, `sqrt`, `evaluated_first`;
/// - `lesser(a, b)`, `greater(a, b)`: a NaN in the second argument propagates;
/// - `a < b`, `a > b` give a `pack::mask`; `select(mask, a, b)` = mask ? a : b; `any(mask)`;
/// - `sum(a)`, `maximum(a)` over the lanes, in an order that depends on the target; `sums(a, p)` writes the sums of
/// four packs a[4] to p[0..4);
/// - `interleave_low(a, b)`, `interleave_high(a, b)`: the lower or upper halves, interleaved (not scalar);
/// - `round_to_nearest(a)`: the nearest integers, ties to even, for |a| < 2^22;
/// - `power_of_two(n)` = 2^n for integer-valued n in [-126, 127]; n = -127 gives 0;
/// - `reciprocal(a)` = 1 / a to 2 units in the last place, where `|a|` <= 2^126; beyond that it may be 0;
/// - `times_power_of_two(a, n)` = a 2^n for integer-valued n in [-125, 128]; n = -126 may give 0.
template <class Scalar> struct pack;

}  // namespace typeformer::simd::inline TYPEFORMER_ISA

#if defined(TYPEFORMER_SIMD_XSIMD)
#include <typeformer/simd/detail/pack_xsimd.hpp>
#elif defined(TYPEFORMER_SIMD_GNU) && defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
#include <typeformer/simd/detail/pack_helium.hpp>
#elif defined(TYPEFORMER_SIMD_GNU)
#include <typeformer/simd/detail/pack_gnu.hpp>
#else
#include <typeformer/simd/detail/pack_scalar.hpp>
#endif
