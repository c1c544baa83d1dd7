// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/simd/pack.hpp>

/// The loops of the product of a row and a panel on Helium. Compilers copy the address of each vector of weights, and
/// broadcast the numbers of the row, which the instruction reads from a core register.
namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
inline constexpr bool has_helium_rows = true;

/// sum[v] += the sum over `inputs` > 0 of x[input] times the vector w + input * w_stride + 4 v.
TYPEFORMER_ALWAYS_INLINE void add_row(index_type inputs, const float* x, const float* w, index_type w_stride,
                                      simd::pack<float> (&sum)[1]) {
  simd::pack<float>::native w0;
  std::int32_t value;
  __asm__(
      "dls lr, %[inputs]\n\t"
      "1:\n\t"
      "ldr %[value], [%[x]], #4\n\t"
      "vldrw.u32 %q[w0], [%[w]]\n\t"
      "vfma.f32 %q[sum0], %q[w0], %[value]\n\t"
      "add %[w], %[w], %[w_stride]\n\t"
      "le lr, 1b"
      : [x] "+r"(x), [w] "+r"(w), [value] "=&r"(value), [sum0] "+w"(sum[0].value), [w0] "=&w"(w0)
      : [inputs] "r"(inputs), [w_stride] "r"(4 * w_stride)
      : "lr", "memory");
}
TYPEFORMER_ALWAYS_INLINE void add_row(index_type inputs, const float* x, const float* w, index_type w_stride,
                                      simd::pack<float> (&sum)[2]) {
  simd::pack<float>::native w0, w1;
  std::int32_t value;
  __asm__(
      "dls lr, %[inputs]\n\t"
      "1:\n\t"
      "ldr %[value], [%[x]], #4\n\t"
      "vldrw.u32 %q[w0], [%[w]]\n\t"
      "vldrw.u32 %q[w1], [%[w], #16]\n\t"
      "vfma.f32 %q[sum0], %q[w0], %[value]\n\t"
      "vfma.f32 %q[sum1], %q[w1], %[value]\n\t"
      "add %[w], %[w], %[w_stride]\n\t"
      "le lr, 1b"
      : [x] "+r"(x), [w] "+r"(w), [value] "=&r"(value), [sum0] "+w"(sum[0].value), [sum1] "+w"(sum[1].value),
        [w0] "=&w"(w0), [w1] "=&w"(w1)
      : [inputs] "r"(inputs), [w_stride] "r"(4 * w_stride)
      : "lr", "memory");
}
TYPEFORMER_ALWAYS_INLINE void add_row(index_type inputs, const float* x, const float* w, index_type w_stride,
                                      simd::pack<float> (&sum)[3]) {
  simd::pack<float>::native w0, w1, w2;
  std::int32_t value;
  __asm__(
      "dls lr, %[inputs]\n\t"
      "1:\n\t"
      "ldr %[value], [%[x]], #4\n\t"
      "vldrw.u32 %q[w0], [%[w]]\n\t"
      "vldrw.u32 %q[w1], [%[w], #16]\n\t"
      "vldrw.u32 %q[w2], [%[w], #32]\n\t"
      "vfma.f32 %q[sum0], %q[w0], %[value]\n\t"
      "vfma.f32 %q[sum1], %q[w1], %[value]\n\t"
      "vfma.f32 %q[sum2], %q[w2], %[value]\n\t"
      "add %[w], %[w], %[w_stride]\n\t"
      "le lr, 1b"
      : [x] "+r"(x), [w] "+r"(w), [value] "=&r"(value), [sum0] "+w"(sum[0].value), [sum1] "+w"(sum[1].value),
        [sum2] "+w"(sum[2].value), [w0] "=&w"(w0), [w1] "=&w"(w1), [w2] "=&w"(w2)
      : [inputs] "r"(inputs), [w_stride] "r"(4 * w_stride)
      : "lr", "memory");
}

#else
inline constexpr bool has_helium_rows = false;
template <int Vectors>
void add_row(index_type, const float*, const float*, index_type, simd::pack<float> (&)[Vectors]) {}
#endif

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
