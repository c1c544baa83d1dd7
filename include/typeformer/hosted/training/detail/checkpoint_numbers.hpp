// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/formats/stored_tensor.hpp>
#include <typeformer/hosted/formats/tensor_bytes.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer::detail {

/// Errors: a number that is not finite, a file that was shortened.
inline result<std::vector<double>, file_error> finite_doubles(const stored_tensor& tensor) {
  std::vector<double> numbers(tensor.element_count());
  if (auto read = copy_bytes(tensor, 0, std::as_writable_bytes(std::span(numbers))); !read)
    return failure{read.error()};
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!is_finite(numbers[i]))
      return failure{tensor.error("a number is not finite", {}, "element " + std::to_string(i))};
  return numbers;
}

inline result<void, file_error> check_not_negative(const stored_tensor& tensor, std::span<const float> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] < 0)
      return failure{tensor.error("a mean of squares is negative", "at least 0",
                                  exact_text(values[i]) + " as element " + std::to_string(i))};
  return {};
}

/// Pairs of a step and a loss; the steps ascend.
inline result<void, file_error> check_evaluated_steps(const stored_tensor& tensor, std::uint64_t steps) {
  const auto numbers = finite_doubles(tensor);
  if (!numbers) return failure{numbers.error()};
  for (std::size_t i = 0; i < numbers->size(); i += 2) {
    const double step = (*numbers)[i], least = i == 0 ? 0 : (*numbers)[i - 2] + 1;
    if (!(step >= least && step <= double(steps) && step == std::floor(step)))
      return failure{tensor.error("an evaluated step is none of the run's",
                                  "a whole number from " + exact_text(least) + " to " + std::to_string(steps),
                                  exact_text(step))};
  }
  return {};
}

}  // namespace typeformer::detail
