// SPDX-License-Identifier: BSL-1.0
#pragma once

/// TYPEFORMER_ISA names the instruction set and the SIMD backend this translation unit is compiled for. It is the
/// inline namespace of everything that depends on them, so that translation units with different `-march` can be
/// linked.
///
/// Backends: `TYPEFORMER_SIMD_SCALAR` and `TYPEFORMER_SIMD_GNU` (vector extension) can be chosen. Otherwise it is xsimd
/// where that is installed and supports the target, the vector extension on other targets with vectors, and scalar on
/// the rest.
#if defined(TYPEFORMER_SIMD_SCALAR) || defined(TYPEFORMER_SIMD_GNU)
#elif defined(__AVX512F__) && !(defined(__AVX512CD__) && defined(__AVX512DQ__) && defined(__AVX512BW__))
#define TYPEFORMER_SIMD_GNU  // xsimd knows AVX-512 with these three parts only
#elif __has_include(<xsimd/xsimd.hpp>) && (defined(__SSE2__) || defined(__aarch64__))
#define TYPEFORMER_SIMD_XSIMD
#elif defined(__SSE2__) || defined(__ARM_NEON) || defined(__ARM_FEATURE_MVE) || defined(__ALTIVEC__) || \
    defined(__wasm_simd128__) || defined(__loongarch_sx) || defined(__mips_msa) || defined(__riscv_vector)
#define TYPEFORMER_SIMD_GNU
#else
#define TYPEFORMER_SIMD_SCALAR
#endif

#if defined(__AVX512F__)
#if defined(__AVX512FP16__)
#define TYPEFORMER_ISA_NAME avx512_fp16
#elif defined(__AVX512BF16__)
#define TYPEFORMER_ISA_NAME avx512_bf16
#elif defined(__AVX512VNNI__)
#define TYPEFORMER_ISA_NAME avx512_vnni
#elif defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#define TYPEFORMER_ISA_NAME avx512_vl
#else
#define TYPEFORMER_ISA_NAME avx512
#endif
#define TYPEFORMER_VECTOR_BYTES 64
#define TYPEFORMER_VECTOR_REGISTERS 32
#elif defined(__AVX2__) && defined(__FMA__)
#if defined(__BMI2__)
#define TYPEFORMER_ISA_NAME avx2_fma_bmi2
#else
#define TYPEFORMER_ISA_NAME avx2_fma
#endif
#define TYPEFORMER_VECTOR_BYTES 32
#define TYPEFORMER_VECTOR_REGISTERS 16
#elif defined(__AVX2__)
#define TYPEFORMER_ISA_NAME avx2
#define TYPEFORMER_VECTOR_BYTES 32
#define TYPEFORMER_VECTOR_REGISTERS 16
#elif defined(__AVX__)
#define TYPEFORMER_ISA_NAME avx
#define TYPEFORMER_VECTOR_BYTES 32
#define TYPEFORMER_VECTOR_REGISTERS 16
#elif defined(__SSE4_1__)
#if defined(__SSE4_2__)
#define TYPEFORMER_ISA_NAME sse4_2
#else
#define TYPEFORMER_ISA_NAME sse4_1
#endif
#define TYPEFORMER_VECTOR_BYTES 16
#define TYPEFORMER_VECTOR_REGISTERS 16
#elif defined(__SSE2__)
#if defined(__SSE3__)
#define TYPEFORMER_ISA_NAME sse3
#else
#define TYPEFORMER_ISA_NAME sse2
#endif
#define TYPEFORMER_VECTOR_BYTES 16
#define TYPEFORMER_VECTOR_REGISTERS 16
#elif defined(__aarch64__)
#if defined(__ARM_FEATURE_SVE)
#define TYPEFORMER_ISA_NAME aarch64_sve
#else
#define TYPEFORMER_ISA_NAME aarch64
#endif
#define TYPEFORMER_VECTOR_BYTES 16
#define TYPEFORMER_VECTOR_REGISTERS 32
#else
#if defined(__ARM_NEON)
#define TYPEFORMER_ISA_NAME neon
#elif defined(__ARM_FEATURE_MVE)
#define TYPEFORMER_ISA_NAME mve
#else
#define TYPEFORMER_ISA_NAME generic
#endif
#define TYPEFORMER_VECTOR_BYTES 16
#if defined(__ARM_FEATURE_MVE)
#define TYPEFORMER_VECTOR_REGISTERS 8
#else
#define TYPEFORMER_VECTOR_REGISTERS 16
#endif
#endif

#define TYPEFORMER_ISA_JOIN(isa, backend) isa##_##backend
#define TYPEFORMER_ISA_WITH(isa, backend) TYPEFORMER_ISA_JOIN(isa, backend)
#if defined(TYPEFORMER_SIMD_XSIMD)
#define TYPEFORMER_ISA TYPEFORMER_ISA_WITH(TYPEFORMER_ISA_NAME, xsimd)
#elif defined(TYPEFORMER_SIMD_GNU)
#define TYPEFORMER_ISA TYPEFORMER_ISA_WITH(TYPEFORMER_ISA_NAME, gnu)
#else
#define TYPEFORMER_ISA TYPEFORMER_ISA_WITH(TYPEFORMER_ISA_NAME, scalar)
#endif

/// A function that returns a type of this namespace needs a different name for each instruction set; the tag provides
/// it.
namespace typeformer {
inline namespace TYPEFORMER_ISA __attribute__((__abi_tag__)) {}
}  // namespace typeformer
