// SPDX-License-Identifier: BSL-1.0
#include "sums.hpp"

#if defined(__AVX2__)
#error "the program itself is for the baseline"
#endif

int main() {
  std::vector<double> numbers;
  for (int i = 1; i <= 100; ++i) numbers.push_back(i);
  int runs = 0;
  for (const typeformer::isa_build* const build : sums.builds()) {
    const auto chosen = sums.choose(build->isa);
    if (!chosen) continue;
    if (chosen->sum(numbers) != 5050 || chosen->has_avx2() != (chosen->isa == "avx2")) return 1;
    ++runs;
  }
  return sums.choose() && runs > 0 ? 0 : 1;
}
