// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// Why a tokenizer rejected a file, a text or an id: the place, what was expected and what was found.
struct tokenizer_error {
  std::string text;

  const std::string& message() const { return text; }
};

/// Error: the first of some ids that is out of range for a vocabulary of `size` tokens.
inline result<void, tokenizer_error> check_token_ids(std::span<const std::int32_t> ids, std::int32_t size) noexcept {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] >= 0 && ids[i] < size) continue;
    std::string text;  // appended to: g++ 12 warns of sums of texts
    if (ids.size() != 1) text.append("token ").append(std::to_string(i)).append(": ");
    text.append("expected an id from 0 to ").append(std::to_string(size - 1));
    text.append(", found ").append(std::to_string(ids[i]));
    return failure{tokenizer_error{text}};
  }
  return {};
}

}  // namespace typeformer
