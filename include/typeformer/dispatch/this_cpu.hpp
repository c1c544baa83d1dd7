// SPDX-License-Identifier: BSL-1.0
#pragma once
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif
#include <cstdint>

#include <typeformer/dispatch/cpu_features.hpp>

namespace typeformer {

/// What this processor and its operating system say of themselves; all 0 where nobody can be asked.
inline cpu_words words_of_this_cpu() {
  cpu_words words;
#if defined(__x86_64__) || defined(__i386__)
  std::uint32_t a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d)) words[cpu_word::leaf_1_ecx] = c;
  if (c >> 27 & 1) {  // the operating system lets programs read XCR0
    std::uint32_t low = 0, high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    words[cpu_word::xcr0] = std::uint64_t{high} << 32 | low;
  }
  if (__get_cpuid(0x8000'0001, &a, &b, &c, &d)) words[cpu_word::extended_1_ecx] = c;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
    words[cpu_word::leaf_7_ebx] = b;
    words[cpu_word::leaf_7_ecx] = c;
    words[cpu_word::leaf_7_edx] = d;
    if (a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {  // a was the last part of leaf 7
      words[cpu_word::leaf_7_1_eax] = a;
      words[cpu_word::leaf_7_1_edx] = d;
      if (d >> 19 & 1 && __get_cpuid_count(0x24, 0, &a, &b, &c, &d))
        words[cpu_word::avx10] = (std::uint64_t{1} << (b & 0x3f)) - 1;
    }
  }
#elif defined(__aarch64__) && defined(__linux__)
  words[cpu_word::hwcap] = getauxval(AT_HWCAP);
  words[cpu_word::hwcap2] = getauxval(AT_HWCAP2);
#endif
  return words;
}

/// The features of this processor that programs may use. The processor is asked once: in a virtual machine the
/// question takes microseconds.
inline cpu_features this_cpu_features() {
  static const cpu_features features = cpu_features::of(words_of_this_cpu());
  return features;
}

}  // namespace typeformer
