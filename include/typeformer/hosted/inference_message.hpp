// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

#include <typeformer/contract/inference_error.hpp>

namespace typeformer {

/// The sentence about a call of a session or forward pass that was refused, with its numbers: whether it is of the source,
/// sequence, row, what was found and the limit.
[[gnu::cold]] inline std::string message_of(const inference_error& error) {
  using problem = inference_error::problem;
  if (error.what == problem::no_memory) return error.text();
  std::string text = (error.in_source ? "source, sequence " : "sequence ") + std::to_string(error.sequence);
  if (error.row >= 0) text += ", row " + std::to_string(error.row);
  text += std::string(": ") + error.text();
  if (error.what != problem::source_is_missing)
    text += ": found " + std::to_string(error.got) + ", the limit is " + std::to_string(error.limit);
  return text;
}

}  // namespace typeformer
