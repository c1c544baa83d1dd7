// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace typeformer {

/// The words in which a processor and its operating system say what a program may use: CPUID's registers and XCR0 on
/// x86, Linux' AT_HWCAP and AT_HWCAP2 on AArch64.
enum class cpu_word : std::uint8_t {
  leaf_1_ecx,
  leaf_7_ebx,
  leaf_7_ecx,
  leaf_7_edx,
  leaf_7_1_eax,
  leaf_7_1_edx,
  avx10,  // bit i: the processor has version i + 1
  extended_1_ecx,
  xcr0,
  hwcap,
  hwcap2,
};
struct cpu_words {
  std::uint64_t values[11]{};
  constexpr std::uint64_t& operator[](cpu_word w) { return values[std::size_t(w)]; }
  constexpr std::uint64_t operator[](cpu_word w) const { return values[std::size_t(w)]; }
};

/// Where a feature is found, and which registers the operating system must save for it: bits of XCR0.
struct cpu_feature {
  std::string_view name;
  cpu_word word;
  unsigned bit;
  std::uint64_t saved_registers;
};

// What a compiler may use beyond the baseline: name, the macro by which the compiler says that it does, word, bit and
// saved registers. A processor with AVX2 has CMPXCHG16B and LAHF, too.
#if defined(__x86_64__) || defined(__i386__)
#define TYPEFORMER_CPU_FEATURES(FEATURE)                                      \
  FEATURE("SSE3", __SSE3__, leaf_1_ecx, 0, 0)                                 \
  FEATURE("PCLMUL", __PCLMUL__, leaf_1_ecx, 1, 0)                             \
  FEATURE("SSSE3", __SSSE3__, leaf_1_ecx, 9, 0)                               \
  FEATURE("SSE4.1", __SSE4_1__, leaf_1_ecx, 19, 0)                            \
  FEATURE("SSE4.2", __SSE4_2__, leaf_1_ecx, 20, 0)                            \
  FEATURE("MOVBE", __MOVBE__, leaf_1_ecx, 22, 0)                              \
  FEATURE("POPCNT", __POPCNT__, leaf_1_ecx, 23, 0)                            \
  FEATURE("AES", __AES__, leaf_1_ecx, 25, 0)                                  \
  FEATURE("AVX", __AVX__, leaf_1_ecx, 28, 0x06)                               \
  FEATURE("F16C", __F16C__, leaf_1_ecx, 29, 0x06)                             \
  FEATURE("FMA", __FMA__, leaf_1_ecx, 12, 0x06)                               \
  FEATURE("LZCNT", __LZCNT__, extended_1_ecx, 5, 0)                           \
  FEATURE("SSE4A", __SSE4A__, extended_1_ecx, 6, 0)                           \
  FEATURE("XOP", __XOP__, extended_1_ecx, 11, 0x06)                           \
  FEATURE("FMA4", __FMA4__, extended_1_ecx, 16, 0x06)                         \
  FEATURE("TBM", __TBM__, extended_1_ecx, 21, 0)                              \
  FEATURE("BMI", __BMI__, leaf_7_ebx, 3, 0)                                   \
  FEATURE("AVX2", __AVX2__, leaf_7_ebx, 5, 0x06)                              \
  FEATURE("BMI2", __BMI2__, leaf_7_ebx, 8, 0)                                 \
  FEATURE("ADX", __ADX__, leaf_7_ebx, 19, 0)                                  \
  FEATURE("SHA", __SHA__, leaf_7_ebx, 29, 0)                                  \
  FEATURE("GFNI", __GFNI__, leaf_7_ecx, 8, 0)                                 \
  FEATURE("VAES", __VAES__, leaf_7_ecx, 9, 0x06)                              \
  FEATURE("VPCLMULQDQ", __VPCLMULQDQ__, leaf_7_ecx, 10, 0x06)                 \
  FEATURE("AVX-VNNI", __AVXVNNI__, leaf_7_1_eax, 4, 0x06)                     \
  FEATURE("AVX-IFMA", __AVXIFMA__, leaf_7_1_eax, 23, 0x06)                    \
  FEATURE("AVX-VNNI-INT8", __AVXVNNIINT8__, leaf_7_1_edx, 4, 0x06)            \
  FEATURE("AVX-NE-CONVERT", __AVXNECONVERT__, leaf_7_1_edx, 5, 0x06)          \
  FEATURE("AVX-VNNI-INT16", __AVXVNNIINT16__, leaf_7_1_edx, 10, 0x06)         \
  FEATURE("AVX512F", __AVX512F__, leaf_7_ebx, 16, 0xe6)                       \
  FEATURE("AVX512DQ", __AVX512DQ__, leaf_7_ebx, 17, 0xe6)                     \
  FEATURE("AVX512_IFMA", __AVX512IFMA__, leaf_7_ebx, 21, 0xe6)                \
  FEATURE("AVX512PF", __AVX512PF__, leaf_7_ebx, 26, 0xe6)                     \
  FEATURE("AVX512ER", __AVX512ER__, leaf_7_ebx, 27, 0xe6)                     \
  FEATURE("AVX512CD", __AVX512CD__, leaf_7_ebx, 28, 0xe6)                     \
  FEATURE("AVX512BW", __AVX512BW__, leaf_7_ebx, 30, 0xe6)                     \
  FEATURE("AVX512VL", __AVX512VL__, leaf_7_ebx, 31, 0xe6)                     \
  FEATURE("AVX512_VBMI", __AVX512VBMI__, leaf_7_ecx, 1, 0xe6)                 \
  FEATURE("AVX512_VBMI2", __AVX512VBMI2__, leaf_7_ecx, 6, 0xe6)               \
  FEATURE("AVX512_VNNI", __AVX512VNNI__, leaf_7_ecx, 11, 0xe6)                \
  FEATURE("AVX512_BITALG", __AVX512BITALG__, leaf_7_ecx, 12, 0xe6)            \
  FEATURE("AVX512_VPOPCNTDQ", __AVX512VPOPCNTDQ__, leaf_7_ecx, 14, 0xe6)      \
  FEATURE("AVX512_VP2INTERSECT", __AVX512VP2INTERSECT__, leaf_7_edx, 8, 0xe6) \
  FEATURE("AVX512_FP16", __AVX512FP16__, leaf_7_edx, 23, 0xe6)                \
  FEATURE("AVX512_BF16", __AVX512BF16__, leaf_7_1_eax, 5, 0xe6)               \
  FEATURE("AVX10.2", __AVX10_2__, avx10, 1, 0xe6)                             \
  FEATURE("APX", __APX_F__, leaf_7_1_edx, 21, 0x80000)                        \
  FEATURE("AMX-TILE", __AMX_TILE__, leaf_7_edx, 24, 0x60000)                  \
  FEATURE("AMX-BF16", __AMX_BF16__, leaf_7_edx, 22, 0x60000)                  \
  FEATURE("AMX-INT8", __AMX_INT8__, leaf_7_edx, 25, 0x60000)                  \
  FEATURE("AMX-FP16", __AMX_FP16__, leaf_7_1_eax, 21, 0x60000)                \
  FEATURE("AMX-COMPLEX", __AMX_COMPLEX__, leaf_7_1_edx, 8, 0x60000)
#elif defined(__aarch64__)
#define TYPEFORMER_CPU_FEATURES(FEATURE)                              \
  FEATURE("CRC32", __ARM_FEATURE_CRC32, hwcap, 7, 0)                  \
  FEATURE("LSE", __ARM_FEATURE_ATOMICS, hwcap, 8, 0)                  \
  FEATURE("FP16", __ARM_FEATURE_FP16_VECTOR_ARITHMETIC, hwcap, 10, 0) \
  FEATURE("RDM", __ARM_FEATURE_QRDMX, hwcap, 12, 0)                   \
  FEATURE("DotProd", __ARM_FEATURE_DOTPROD, hwcap, 20, 0)             \
  FEATURE("SVE", __ARM_FEATURE_SVE, hwcap, 22, 0)                     \
  FEATURE("FHM", __ARM_FEATURE_FP16_FML, hwcap, 23, 0)                \
  FEATURE("SVE2", __ARM_FEATURE_SVE2, hwcap2, 1, 0)                   \
  FEATURE("I8MM", __ARM_FEATURE_MATMUL_INT8, hwcap2, 13, 0)           \
  FEATURE("BF16", __ARM_FEATURE_BF16_VECTOR_ARITHMETIC, hwcap2, 14, 0)
#else
#define TYPEFORMER_CPU_FEATURES(FEATURE)
#endif

/// A set of features: bit i is feature i of `cpu_features::table`.
struct cpu_features {
  std::uint64_t bits = 0;

#define TYPEFORMER_CPU_FEATURE_ROW(NAME, MACRO, WORD, BIT, SAVED) {NAME, cpu_word::WORD, BIT, SAVED},
  static constexpr cpu_feature table[]{TYPEFORMER_CPU_FEATURES(TYPEFORMER_CPU_FEATURE_ROW){{}, {}, 0, 0}};
#undef TYPEFORMER_CPU_FEATURE_ROW
  static constexpr std::size_t count = sizeof table / sizeof table[0] - 1;
  static_assert(count <= 64);

  /// The features that the words have.
  static constexpr cpu_features of(const cpu_words& words) {
    cpu_features found;
    for (std::size_t i = 0; i < count; ++i)
      if (const cpu_feature& f = table[i];
          (words[f.word] >> f.bit & 1) != 0 && (words[cpu_word::xcr0] & f.saved_registers) == f.saved_registers)
        found.bits |= std::uint64_t{1} << i;
    return found;
  }

  /// The name of the first feature of this set that `available` lacks; empty if it has them all.
  constexpr std::string_view first_missing(cpu_features available) const {
    for (std::size_t i = 0; i < count; ++i)
      if ((bits & ~available.bits) >> i & 1) return table[i].name;
    return {};
  }
  friend constexpr bool operator==(cpu_features, cpu_features) = default;
};

/// What the compiler may use in this translation unit. Each translation unit has its own.
constexpr cpu_features compiled_cpu_features = [] {
#define TYPEFORMER_TEXT_OF(MACRO) #MACRO
#define TYPEFORMER_CPU_FEATURE_ROW(NAME, MACRO, WORD, BIT, SAVED) std::string_view(TYPEFORMER_TEXT_OF(MACRO)) == "1",
  constexpr bool is_used[]{TYPEFORMER_CPU_FEATURES(TYPEFORMER_CPU_FEATURE_ROW) false};
#undef TYPEFORMER_CPU_FEATURE_ROW
#undef TYPEFORMER_TEXT_OF
  cpu_features used;
  for (std::size_t i = 0; i < cpu_features::count; ++i)
    if (is_used[i]) used.bits |= std::uint64_t{1} << i;
  return used;
}();

}  // namespace typeformer
