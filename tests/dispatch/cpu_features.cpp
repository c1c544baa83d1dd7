// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <string_view>

#include <support/catch.hpp>
#include <typeformer/dispatch/this_cpu.hpp>

namespace typeformer {
namespace {

bool has(cpu_features features, std::string_view name) {
  for (std::size_t i = 0; i < cpu_features::count; ++i)
    if (cpu_features::table[i].name == name) return (features.bits >> i & 1) != 0;
  FAIL("no feature " << name);
  return false;
}

TEST_CASE("finds each feature of the table by its name once") {
  for (const cpu_feature& f : cpu_features::table)
    CHECK(std::ranges::count(cpu_features::table, f.name, &cpu_feature::name) == 1);
}

TEST_CASE("supports on this processor what this test was compiled for") {
  CHECK(compiled_cpu_features.first_missing(this_cpu_features()) == "");
}

#if defined(__x86_64__) || defined(__i386__)
TEST_CASE("agrees with the compiler's own library about this processor") {
  __builtin_cpu_init();
  const cpu_features here = this_cpu_features();
#define TYPEFORMER_SAME_ANSWER(name, builtin) \
  INFO(name);                                 \
  CHECK(has(here, name) == (__builtin_cpu_supports(builtin) != 0))
  TYPEFORMER_SAME_ANSWER("SSE3", "sse3");
  TYPEFORMER_SAME_ANSWER("SSSE3", "ssse3");
  TYPEFORMER_SAME_ANSWER("SSE4.1", "sse4.1");
  TYPEFORMER_SAME_ANSWER("SSE4.2", "sse4.2");
  TYPEFORMER_SAME_ANSWER("POPCNT", "popcnt");
  TYPEFORMER_SAME_ANSWER("PCLMUL", "pclmul");
  TYPEFORMER_SAME_ANSWER("AES", "aes");
  TYPEFORMER_SAME_ANSWER("AVX", "avx");
  TYPEFORMER_SAME_ANSWER("FMA", "fma");
  TYPEFORMER_SAME_ANSWER("SSE4A", "sse4a");
  TYPEFORMER_SAME_ANSWER("XOP", "xop");
  TYPEFORMER_SAME_ANSWER("FMA4", "fma4");
  TYPEFORMER_SAME_ANSWER("BMI", "bmi");
  TYPEFORMER_SAME_ANSWER("AVX2", "avx2");
  TYPEFORMER_SAME_ANSWER("BMI2", "bmi2");
  TYPEFORMER_SAME_ANSWER("GFNI", "gfni");
  TYPEFORMER_SAME_ANSWER("VPCLMULQDQ", "vpclmulqdq");
  TYPEFORMER_SAME_ANSWER("AVX512F", "avx512f");
  TYPEFORMER_SAME_ANSWER("AVX512DQ", "avx512dq");
  TYPEFORMER_SAME_ANSWER("AVX512_IFMA", "avx512ifma");
  TYPEFORMER_SAME_ANSWER("AVX512CD", "avx512cd");
  TYPEFORMER_SAME_ANSWER("AVX512BW", "avx512bw");
  TYPEFORMER_SAME_ANSWER("AVX512VL", "avx512vl");
  TYPEFORMER_SAME_ANSWER("AVX512_VBMI", "avx512vbmi");
  TYPEFORMER_SAME_ANSWER("AVX512_VBMI2", "avx512vbmi2");
  TYPEFORMER_SAME_ANSWER("AVX512_VNNI", "avx512vnni");
  TYPEFORMER_SAME_ANSWER("AVX512_BITALG", "avx512bitalg");
  TYPEFORMER_SAME_ANSWER("AVX512_VPOPCNTDQ", "avx512vpopcntdq");
  TYPEFORMER_SAME_ANSWER("AVX512_VP2INTERSECT", "avx512vp2intersect");
  TYPEFORMER_SAME_ANSWER("AVX512_BF16", "avx512bf16");
#if !defined(__clang__)  // clang 16 does not know the names
  TYPEFORMER_SAME_ANSWER("MOVBE", "movbe");
  TYPEFORMER_SAME_ANSWER("F16C", "f16c");
  TYPEFORMER_SAME_ANSWER("LZCNT", "lzcnt");
  TYPEFORMER_SAME_ANSWER("TBM", "tbm");
  TYPEFORMER_SAME_ANSWER("ADX", "adx");
  TYPEFORMER_SAME_ANSWER("SHA", "sha");
  TYPEFORMER_SAME_ANSWER("VAES", "vaes");
  TYPEFORMER_SAME_ANSWER("AVX-VNNI", "avxvnni");
  TYPEFORMER_SAME_ANSWER("AVX512_FP16", "avx512fp16");
  TYPEFORMER_SAME_ANSWER("AMX-TILE", "amx-tile");
  TYPEFORMER_SAME_ANSWER("AMX-INT8", "amx-int8");
  TYPEFORMER_SAME_ANSWER("AMX-BF16", "amx-bf16");
#endif
#undef TYPEFORMER_SAME_ANSWER
}

TEST_CASE("has no feature whose registers the operating system does not save") {
  cpu_words words;  // of a processor that has everything
  for (std::uint64_t& word : words.values) word = ~std::uint64_t{0};
  words[cpu_word::xcr0] = 0xe7;
  CHECK(has(cpu_features::of(words), "AVX512F"));
  words[cpu_word::xcr0] = 0x07;  // saves ymm, neither masks nor zmm
  CHECK_FALSE(has(cpu_features::of(words), "AVX512F"));
  CHECK_FALSE(has(cpu_features::of(words), "AVX512_VNNI"));
  CHECK(has(cpu_features::of(words), "AVX2"));
  words[cpu_word::xcr0] = 0x03;
  CHECK_FALSE(has(cpu_features::of(words), "AVX"));
  CHECK_FALSE(has(cpu_features::of(words), "AVX2"));
  CHECK_FALSE(has(cpu_features::of(words), "FMA"));
  CHECK(has(cpu_features::of(words), "SSE4.2"));
  CHECK(has(cpu_features::of(words), "BMI2"));
}
#endif

}  // namespace
}  // namespace typeformer
