// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

#include <typeformer/optimizers/optimizer.hpp>
#include <typeformer/parameters/parameters.hpp>

namespace typeformer {

/// The extents of a tensor: [rows][columns], or [size] for a vector.
class tensor_extents {
 public:
  constexpr explicit tensor_extents(const parameter_tensor& tensor)
      : extents_{tensor.of->rows, tensor.of->columns}, rank_{tensor.of->kind == parameter_kind::vector ? 1u : 2u} {
    if (rank_ == 1) extents_[0] = tensor.size();
  }
  constexpr operator std::span<const index_type>() const { return {extents_.data(), rank_}; }

 private:
  std::array<index_type, 2> extents_;
  std::size_t rank_;
};

/// The state of optimizer `O` for the parameters of `M`, and the number of its steps.
///
/// Scalars: `O::state_arrays` · parameters + `compact_size`; all zero initially. They are on the heap, or with
/// `storage::in_place` in the object.
template <Model M, Optimizer O, class S = float, class Store = storage::owned> class optimizer_state {
 public:
  static constexpr int array_count = O::state_arrays;
  static constexpr index_type array_size = index_type(layout_of<M>.parameters);
  static constexpr index_type compact_size = [] {
    index_type size = 0;
    for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) { size += compact_state_size<O>(tensor_extents{t}); });
    return size;
  }();

  optimizer_state() {
    if constexpr (!std::is_same_v<Store, storage::owned>) {
      for (auto& array : arrays_) std::fill_n(array.data(), array_size, S{});
      std::fill_n(compact_.data(), compact_size, S{});
    }
  }

  /// False if the allocation failed.
  bool available() const {
    for (const auto& array : arrays_)
      if (!array.available()) return false;
    return compact_.available();
  }

  /// Parameter-sized, in the order of the parameters.
  S* array(int i) { return arrays_[std::size_t(i)].data(); }
  const S* array(int i) const { return arrays_[std::size_t(i)].data(); }
  /// The compact states of all tensors, in the order of `for_each_tensor`.
  S* compact() { return compact_.data(); }
  const S* compact() const { return compact_.data(); }

  /// Counts a step.
  step_context next_step(double learning_rate) { return {++steps_, learning_rate}; }
  std::int64_t steps() const { return steps_; }
  /// Sets the number of steps of a state that was read from a checkpoint.
  void set_steps(std::int64_t taken) { steps_ = taken; }

 private:
  std::array<typename Store::template array<S, array_size>, std::size_t(array_count)> arrays_{};
  [[no_unique_address]] typename Store::template array<S, compact_size> compact_{};
  std::int64_t steps_ = 0;
};

}  // namespace typeformer
