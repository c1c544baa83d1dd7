// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// Returns x, a floating-point number or a vector of them, and keeps the compiler from regrouping it with what follows,
/// under every flag such as `-fassociative-math`: `evaluated_first(a - b) - c` never becomes `a - (b + c)`.
///
/// It costs nothing without such a flag. The exception is Clang on processors other than x86, where the number passes
/// through a register. GCC's own `__builtin_assoc_barrier` is not used, because the vectorizer of version 12 ignores
/// it.
template <class T> TYPEFORMER_ALWAYS_INLINE constexpr T evaluated_first(T x) {
#if defined(__clang__) && (defined(__x86_64__) || defined(__i386__))
  return __arithmetic_fence(x);
#elif defined(__clang__) || defined(__ASSOCIATIVE_MATH__)
  if (!std::is_constant_evaluated()) {
#if defined(__SSE2__)
    asm("" : "+x"(x));
#elif defined(__aarch64__)
    asm("" : "+w"(x));
#else
    asm("" : "+m"(x));
#endif
  }
  return x;
#else
  return x;
#endif
}

}  // namespace typeformer
