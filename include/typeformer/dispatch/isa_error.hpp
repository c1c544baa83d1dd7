// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <string_view>

#include <typeformer/foundation/error_text.hpp>

namespace typeformer {

/// Why there is no instruction set to choose.
class isa_error {
 public:
  enum class problem : std::uint8_t { is_not_compiled, is_not_supported };

  constexpr isa_error(problem what, const error_text& message) : what_{what}, message_{message} {}

  constexpr problem what() const { return what_; }
  /// Like `instruction set "avx512": this processor does not support AVX512F`.
  constexpr const error_text& message() const { return message_; }

 private:
  problem what_;
  error_text message_;
};

}  // namespace typeformer
