// SPDX-License-Identifier: BSL-1.0
#include "sums.hpp"

#if defined(__AVX2__)
constexpr bool is_avx2 = true;
#else
constexpr bool is_avx2 = false;
#endif

double sum_of(const std::vector<double>&);

TYPEFORMER_DEFINE_DISPATCHED(sums) = {.sum = sum_of, .has_avx2 = [] { return is_avx2; }};
