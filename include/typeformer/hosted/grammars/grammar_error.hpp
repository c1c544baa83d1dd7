// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

namespace typeformer {

/// Why a regular expression, a schema or a grammar was rejected: the place, what was expected and what was found.
struct grammar_error {
  std::string text;

  const std::string& message() const { return text; }
};

}  // namespace typeformer
