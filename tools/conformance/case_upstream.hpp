// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

#include <typeformer/foundation/config.hpp>

#include "tensors.hpp"

namespace typeformer::conformance {

/// Its derivative is the target: then a target is an upstream gradient.
struct upstream_gradient {
  static constexpr bool has_right_answers = false;
  template <class S> static constexpr S loss(S y, S t) { return y * t; }
  template <class S> static constexpr S derivative(S, S t) { return t; }
};

/// The numbers of a tensor, of integers, too; empty if there is none, nothing (with a message) if it cannot be read.
inline std::optional<std::vector<float>> numbers_of(const checkpoint_file& given, std::string_view name) {
  const stored_tensor* const found = given.find(name);
  std::vector<float> numbers(found ? found->element_count() : 0);
  if (!found) return numbers;
  if (std::vector<std::int64_t> whole(numbers.size()); read_integers(*found, whole))
    return std::vector<float>(whole.begin(), whole.end());
  if (const auto read = read_floats(*found, numbers); !read)
    return std::fprintf(stderr, "%s\n", read.error().message().c_str()), std::nullopt;
  return numbers;
}

/// An upstream gradient as targets of `width` numbers a row, times what a mean over rows and numbers divides by.
inline std::optional<std::vector<float>> upstream_of(const checkpoint_file& given, std::string_view name,
                                                     index_type width) {
  auto numbers = numbers_of(given, name);
  if (!numbers || width == 0) return numbers;
  const auto count = static_cast<float>(numbers->size());
  for (float& number : *numbers) number *= count;
  return numbers;
}

}  // namespace typeformer::conformance
