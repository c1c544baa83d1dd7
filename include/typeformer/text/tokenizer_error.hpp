// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <string>

namespace typeformer {

/// Why a tokenizer file was refused: where, what was expected and what was found.
struct tokenizer_error {
  std::string message;
};

}  // namespace typeformer
