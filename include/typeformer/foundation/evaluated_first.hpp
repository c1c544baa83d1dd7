// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// x itself, a floating-point number or a vector of them, which no flag such as `-fassociative-math` lets the compiler
/// regroup with what follows: `evaluated_first(a - b) - c` never becomes `a - (b + c)`.
///
/// Costs nothing without such a flag, except with Clang on other processors than x86, where the number passes through a
/// register by itself. GCC's own `__builtin_assoc_barrier` is not used: its vectorizer forgets it (version 12).
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
