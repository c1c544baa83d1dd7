// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/dispatch/dispatched.hpp>
#include <vector>

struct sum_functions {
  double (*sum)(const std::vector<double>&);
  bool (*has_avx2)();
};
TYPEFORMER_DECLARE_DISPATCHED(sums, sum_functions);
