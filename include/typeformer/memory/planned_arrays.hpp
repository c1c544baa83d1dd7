// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/memory/storage.hpp>

namespace typeformer {

/// Pointers to the arrays of a plan. The gradients, in canonical order, belong to the caller.
template <class Scalar> struct planned_addresses {
  Scalar* arena = nullptr;
  Scalar* state = nullptr;
  Scalar* gradients = nullptr;
  std::int32_t* int32_arena = nullptr;
  std::int8_t* int8_arena = nullptr;
};

/// The arrays that a plan needs: an arena for each scalar type, and the state that outlives a call.
template <class Plan, class Scalar, class Store> struct planned_arrays {
  static constexpr index_type arena_size = Plan::value.arena[0], state_size = Plan::value.state,
                              int32_size = Plan::value.arena[1], int8_size = Plan::value.arena[2];
  static constexpr std::int64_t arena_bytes = std::int64_t(sizeof(Scalar)) * arena_size + 4 * std::int64_t{int32_size} +
                                              int8_size,
                                state_bytes = std::int64_t(sizeof(Scalar)) * state_size;

  [[no_unique_address]] typename Store::template array<Scalar, arena_size> arena{};
  [[no_unique_address]] typename Store::template array<Scalar, state_size, storage::lifetime::of_the_object> state{};
  [[no_unique_address]] typename Store::template array<std::int32_t, int32_size, storage::lifetime::of_a_call,
                                                       std::int64_t(sizeof(Scalar)) * arena_size>
      int32_arena{};
  [[no_unique_address]]
  typename Store::template array<std::int8_t, int8_size, storage::lifetime::of_a_call,
                                 std::int64_t(sizeof(Scalar)) * arena_size + 4 * std::int64_t{int32_size}>
      int8_arena{};

  /// False if the allocation failed.
  constexpr bool available() const {
    return arena.available() && state.available() && int32_arena.available() && int8_arena.available();
  }
  constexpr planned_addresses<Scalar> addresses(Scalar* gradients = nullptr) {
    return {arena.data(), state.data(), gradients, int32_arena.data(), int8_arena.data()};
  }
};

}  // namespace typeformer
