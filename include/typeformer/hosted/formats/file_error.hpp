// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace typeformer {

/// What is wrong with a file, or with one tensor or key in it; texts that do not apply are empty.
struct file_error {
  std::string file, tensor, problem, expected, found;

  /// One line, like `model.safetensors: tensor "wte.weight": wrong shape: expected [96, 48], found [96, 47]`.
  [[gnu::cold]] std::string message() const {
    std::string text = file;
    if (!tensor.empty()) text += ": tensor \"" + tensor + '"';
    text += ": " + problem;
    if (!expected.empty()) text += ": expected " + expected;
    if (!found.empty()) text += (expected.empty() ? ": found " : ", found ") + found;
    return text;
  }
};

/// `[48, 144]`; a scalar's shape is `[]`.
[[gnu::cold]] inline std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text = "[";
  for (const std::int64_t extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text += ']';
}

}  // namespace typeformer
