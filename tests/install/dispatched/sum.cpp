// SPDX-License-Identifier: BSL-1.0
#include <vector>

double sum_of(const std::vector<double>& numbers) {
  std::vector<double> partial;
  double sum = 0;
  for (const double number : numbers) partial.push_back(sum += number);
  return partial.empty() ? 0 : partial.back();
}
