// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/uses.hpp>
#include <typeformer/foundation/fixed_string.hpp>
#include <typeformer/kernels/stack_bytes.hpp>

namespace typeformer {

namespace detail {
/// All frames between a caller and the arrays of a kernel. None of them grows with a model.
constexpr std::int64_t frames_of_a_walk(purpose what_for) {
  if (sizeof(void*) >= 8) return 12288;
#if defined(__arm__)
  return what_for == purpose::train ? 4096 : 2560;
#else
  return what_for == purpose::train ? 8192 : 4096;  // more registers to be saved
#endif
}
}  // namespace detail

/// The most bytes of stack that a call of a `session` or a `forward_pass` (`decoding`, `evaluating`), of a
/// `training_pass` or of a `loss_pass` needs on the processor that this translation unit is compiled for.
///
/// It is the same for all models of the library's layers whose compositions are nested at most 16 deep: no frame grows
/// with width, depth or the number of distinct blocks. It holds for optimized builds, with workers that run in the
/// calling thread.
template <Model M, UseOf<M> Use>
inline constexpr std::int64_t stack_bytes =
    detail::frames_of_a_walk(plan_of<M, Use>::use::what_for) +
    (plan_of<M, Use>::use::what_for == purpose::train ? kernels::backward_stack_bytes : kernels::forward_stack_bytes);

/// Limit of a `budget`, in bytes: the stack of a call.
template <index_type N> struct stack {
  static constexpr index_type value = N;
  static constexpr bool in_range = N > 0, limits_memory = true;

  template <class M, class Use, class Target> struct needs {
    static constexpr std::int64_t bytes = stack_bytes<M, Use>;
    static constexpr int count = 2;
    static constexpr std::int64_t bytes_of(int i) {
      constexpr std::int64_t frames = detail::frames_of_a_walk(plan_of<M, Use>::use::what_for);
      return i == 0 ? frames : bytes - frames;
    }
    template <int I> static constexpr auto name() {
      if constexpr (I == 0) return fixed_string{"frames of calls"};
      else return fixed_string{"arrays of kernels"};
    }
  };
};

}  // namespace typeformer
