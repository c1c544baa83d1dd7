// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/multiply_add.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA::detail {

/// y[i * y_step] = bias[i * y_step] + the dot product of x and the row w + i * w_stride, for i < 4. For targets without
/// vectors; `bias` may be null.
TYPEFORMER_ALWAYS_INLINE void four_dots(index_type inputs, const float* x, const float* w, index_type w_stride,
                                        const float* bias, float* y, index_type y_step) {
  const float *to_first = w, *to_second = to_first + w_stride, *to_third = to_second + w_stride,
              *to_fourth = to_third + w_stride;
  float first = 0, second = 0, third = 0, fourth = 0;
#if defined(__thumb2__) && defined(__ARM_FEATURE_FMA) && !defined(__ARM_FEATURE_MVE)
  // Cortex-M4, M7 and M33 load four numbers by one instruction, which compilers use for whole numbers only.
  if (inputs >= 4) {
    inputs -= 4;
    __asm__(
        "1:\n\t"
        "vldmia %[x]!, {s0-s3}\n\t"
        "vldmia %[w0]!, {s4-s7}\n\t"
        "vldmia %[w1]!, {s8-s11}\n\t"
        "vldmia %[w2]!, {s12-s15}\n\t"
        "vldmia %[w3]!, {s16-s19}\n\t"
        "vfma.f32 %[y0], s0, s4\n\t"
        "vfma.f32 %[y1], s0, s8\n\t"
        "vfma.f32 %[y2], s0, s12\n\t"
        "vfma.f32 %[y3], s0, s16\n\t"
        "vfma.f32 %[y0], s1, s5\n\t"
        "vfma.f32 %[y1], s1, s9\n\t"
        "vfma.f32 %[y2], s1, s13\n\t"
        "vfma.f32 %[y3], s1, s17\n\t"
        "vfma.f32 %[y0], s2, s6\n\t"
        "vfma.f32 %[y1], s2, s10\n\t"
        "vfma.f32 %[y2], s2, s14\n\t"
        "vfma.f32 %[y3], s2, s18\n\t"
        "vfma.f32 %[y0], s3, s7\n\t"
        "vfma.f32 %[y1], s3, s11\n\t"
        "vfma.f32 %[y2], s3, s15\n\t"
        "vfma.f32 %[y3], s3, s19\n\t"
        "subs %[left], %[left], #4\n\t"
        "bpl 1b"
        : [x] "+r"(x), [w0] "+r"(to_first), [w1] "+r"(to_second), [w2] "+r"(to_third), [w3] "+r"(to_fourth),
          [y0] "+t"(first), [y1] "+t"(second), [y2] "+t"(third), [y3] "+t"(fourth), [left] "+r"(inputs)
        :
        : "memory", "cc", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14",
          "s15", "s16", "s17", "s18", "s19");
    inputs += 4;
  }
#elif defined(__riscv_flen)
  for (; inputs >= 4; inputs -= 4) {  // addresses move once for four numbers
    TYPEFORMER_UNROLL
    for (int i = 0; i < 4; ++i) {
      first = multiply_add(x[i], to_first[i], first);
      second = multiply_add(x[i], to_second[i], second);
      third = multiply_add(x[i], to_third[i], third);
      fourth = multiply_add(x[i], to_fourth[i], fourth);
    }
    x += 4;
    to_first += 4;
    to_second += 4;
    to_third += 4;
    to_fourth += 4;
  }
#endif
  for (; inputs > 0; --inputs) {
    const float value = *x++;
    first = multiply_add(value, *to_first++, first);
    second = multiply_add(value, *to_second++, second);
    third = multiply_add(value, *to_third++, third);
    fourth = multiply_add(value, *to_fourth++, fourth);
  }
  if (bias) {
    first += bias[0];
    second += bias[y_step];
    third += bias[2 * y_step];
    fourth += bias[3 * y_step];
  }
  y[0] = first;
  y[y_step] = second;
  y[2 * y_step] = third;
  y[3 * y_step] = fourth;
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA::detail
