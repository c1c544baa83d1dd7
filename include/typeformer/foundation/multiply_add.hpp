// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// a * b + c, rounded once where the processor has an instruction for it, whatever the compiler was told to contract.
TYPEFORMER_ALWAYS_INLINE constexpr float multiply_add(float a, float b, float c) {
#if defined(__FP_FAST_FMAF)
  if (!std::is_constant_evaluated()) return __builtin_fmaf(a, b, c);
#endif
  return a * b + c;
}

}  // namespace typeformer
