// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

#include <typeformer/simd/pack.hpp>

/// Elementary functions of packs, found by argument-dependent lookup beside the scalar overloads. The polynomials
/// minimize the maximum error (iteratively reweighted least squares in double).
namespace typeformer::simd::inline TYPEFORMER_ISA {

namespace detail {

/// Horner's scheme, lowest power first.
TYPEFORMER_ALWAYS_INLINE pack<float> polynomial(pack<float>, float c) { return c; }
template <std::same_as<float>... C>
TYPEFORMER_ALWAYS_INLINE pack<float> polynomial(pack<float> x, float c, C... higher) {
  return fma(polynomial(x, higher...), x, c);
}

}  // namespace detail

/// e^x to 2 units in the last place. Results below 2^-125 become 0, overflow gives infinity, NaN stays NaN.
///
/// x = n ln 2 + r with |r| <= ln 2 / 2, e^x = 2^n e^r.
TYPEFORMER_ALWAYS_INLINE pack<float> exp(pack<float> x) {
  const pack<float> bounded = lesser(pack<float>(89.0f), x);
  const pack<float> n = round_to_nearest(bounded * 1.44269504f);
  const pack<float> r = fma(n, 2.12194440e-4f, evaluated_first(fma(n, -0.693359375f, bounded)));
  const pack<float> quotient =
      detail::polynomial(r, 0.499999933f, 0.166665191f, 0.0416684058f, 0.00836889914f, 0.0013814217f);
  const pack<float> power = fma(r * r, quotient, r) + 1.0f;
  return select(x < pack<float>(-87.3f), pack<float>(0.0f), times_power_of_two(power, n));
}

/// Hyperbolic tangent to 3e-7 relative: an odd polynomial near 0, 1 - 2 / (e^2|x| + 1) elsewhere.
TYPEFORMER_ALWAYS_INLINE pack<float> tanh(pack<float> x) {
  const pack<float> magnitude = absolute(x), square = x * x;
  const pack<float> near_zero =
      x * detail::polynomial(square, 1.0f, -0.333332839f, 0.133314912f, -0.0537434917f, 0.0206505685f, -0.00571702579f);
  const pack<float> far = 1.0f - 2.0f * reciprocal(exp(magnitude + magnitude) + 1.0f);
  return select(magnitude < pack<float>(0.625f), near_zero, select(x < pack<float>(0.0f), -far, far));
}

/// The error function to 5e-7: an odd polynomial near 0, 1 - e^q(|x|) elsewhere, where q fits log erfc on [1, 4].
TYPEFORMER_ALWAYS_INLINE pack<float> erf(pack<float> x) {
  const pack<float> magnitude = lesser(pack<float>(4.0f), absolute(x)), square = magnitude * magnitude;
  const pack<float> near_zero = x * detail::polynomial(square, 1.12837912f, -0.376123262f, 0.1128018f, -0.026711309f,
                                                       0.00491754892f, -0.000563141255f);
  const pack<float> far = 1.0f - exp(detail::polynomial(magnitude, -0.00267165384f, -1.11743866f, -0.654488694f,
                                                        -0.0886343515f, 0.014778181f, -0.00115043033f));
  return select(magnitude < pack<float>(1.0f), near_zero, select(x < pack<float>(0.0f), -far, far));
}

}  // namespace typeformer::simd::inline TYPEFORMER_ISA
