// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>

#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "typeformer needs infinities and NaN: add -fno-finite-math-only after -ffast-math, -Ofast or -ffinite-math-only"
#endif

#define TYPEFORMER_VERSION_MAJOR 0
#define TYPEFORMER_VERSION_MINOR 1
#define TYPEFORMER_VERSION_PATCH 0

#define TYPEFORMER_ALWAYS_INLINE inline __attribute__((always_inline))
#define TYPEFORMER_NOINLINE __attribute__((noinline))

#if defined(__clang__)
#define TYPEFORMER_UNROLL _Pragma("clang loop unroll(full)")
#else
#define TYPEFORMER_UNROLL _Pragma("GCC unroll 16")
#endif

namespace typeformer {

/// A signed number of elements or rows. It is as wide as a pointer, so that it has 32 bits on a microcontroller.
using index_type = std::ptrdiff_t;

}  // namespace typeformer
