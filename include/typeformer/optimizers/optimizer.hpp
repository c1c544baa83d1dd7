// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <type_traits>

#include <typeformer/contract/mismatch.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/setting.hpp>

namespace typeformer {

/// The number of an update and its learning rate.
struct step_context {
  std::int64_t step = 1;  ///< counted from 1
  double learning_rate = 0;
};

/// One tensor in an update. `values` and every `state` array have as many elements as `shape` says.
template <class S, int StateArrays> struct tensor_update {
  S* values;
  const S* gradient;
  std::array<S*, std::size_t(StateArrays)> state;
  std::span<const index_type> shape;
  bool decays = true;          ///< whether the weight decay of the optimizer applies to it
  S* compact_state = nullptr;  ///< `compact_state_size<Optimizer>(shape)` elements

  constexpr index_type size() const {
    index_type product = 1;
    for (const index_type extent : shape) product *= extent;
    return product;
  }
};

/// A rule that moves parameters along their gradients. It is a small value whose members are its hyper-parameters.
///
/// `state_arrays` is the number of parameter-sized arrays of state; in each, the state of a tensor is at the tensor's
/// own offset. An optimizer that needs less than an array has `compact_state(shape)` elements per tensor in addition.
/// All state is zero before step 1. State that is never negative, such as a mean of squares, may be declared so by bit
/// i of `arrays_of_squares` and by `compact_state_is_of_squares`. `settings()`, if it exists, gives the ranges of the
/// members; without it a trainer only requires them to be finite. `update` is a pass over one tensor and may run in
/// constant evaluation.
template <class O>
concept Optimizer = std::is_trivially_copyable_v<O> && requires { requires O::state_arrays >= 0; } &&
                    requires(const O optimizer, const tensor_update<float, O::state_arrays>& tensor,
                             const step_context& context) { optimizer.update(tensor, context); };

namespace error {
/// An optimizer has `state_arrays` and `update(tensor, context)`, as `adamw` has.
template <class Type> struct type_is_no_optimizer : mismatch {};
}  // namespace error

/// `O`, or the mismatch when it is no optimizer.
template <class O> using checked_optimizer = std::conditional_t<Optimizer<O>, O, error::type_is_no_optimizer<O>>;

/// Whether the array `i` of what `O` remembers, or its compact state, is never negative.
template <Optimizer O> constexpr bool is_array_of_squares(int i) {
  if constexpr (requires { O::arrays_of_squares; }) return (O::arrays_of_squares >> i & 1u) != 0;
  else return false;
}
template <Optimizer O> constexpr bool is_compact_state_of_squares() {
  if constexpr (requires { O::compact_state_is_of_squares; }) return O::compact_state_is_of_squares;
  else return false;
}

/// Elements of the state of a tensor in addition to the parameter-sized arrays.
template <Optimizer O> constexpr index_type compact_state_size(std::span<const index_type> shape) {
  if constexpr (requires { O::compact_state(shape); }) return O::compact_state(shape);
  else return 0;
}

}  // namespace typeformer
