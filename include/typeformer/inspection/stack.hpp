// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/contract/uses.hpp>
#include <typeformer/kernels/stack_bytes.hpp>

namespace typeformer {

namespace detail {
/// All frames between a caller and the arrays of a kernel. None of them grows with a model.
inline constexpr std::int64_t frames_of_a_walk = 1536 * std::int64_t{sizeof(void*)};
}  // namespace detail

/// The most bytes of stack that a call of a `session` or a `forward_pass` (`decoding`, `evaluating`), of a
/// `training_pass` or of a `loss_pass` needs on the processor that this translation unit is compiled for.
///
/// It is the same for all models of the library's layers whose compositions are nested at most 16 deep: no frame grows
/// with width, depth or the number of distinct blocks. It holds for optimized builds, with workers that run in the
/// calling thread.
template <Model M, UseOf<M> Use>
inline constexpr std::int64_t stack_bytes =
    detail::frames_of_a_walk +
    (plan_of<M, Use>::use::what_for == purpose::train ? kernels::backward_stack_bytes : kernels::forward_stack_bytes);

}  // namespace typeformer
