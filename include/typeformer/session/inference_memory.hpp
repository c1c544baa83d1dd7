// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>

#include <typeformer/parallel/workers.hpp>
#include <typeformer/session/batch_tables.hpp>
#include <typeformer/session/sliding_cache.hpp>
#include <typeformer/session/source_memory.hpp>

namespace typeformer {

/// All that a `session` holds; with the storage `in_place` its size is the RAM that the model needs.
template <class Plan, class Store, class WeightsView, Workers W> struct session_memory {
  static constexpr capacities reserved = Plan::use::reserved;

  typename Store::template array<float, Plan::value.arena[0]> arena{};
  typename Store::template array<float, Plan::value.state> state{};
  batch_tables<reserved.batch, reserved.tokens> tables{};
  std::array<index, std::size_t(reserved.batch)> length{};
  [[no_unique_address]] source_memory<reserved, (reserved.source > 0)> source{};
  [[no_unique_address]] sliding_cache<reserved, (reserved.memory > 0)> slide{};
  WeightsView weights;
  W workers;
  const float* logits = nullptr;
};

/// All that an `evaluator` holds.
template <class Plan, class Store, class WeightsView, Workers W, bool HasSegments> struct evaluator_memory {
  static constexpr capacities reserved = Plan::use::reserved;

  typename Store::template array<float, Plan::value.arena[0]> arena{};
  batch_tables<reserved.batch, reserved.tokens, HasSegments> tables{};
  [[no_unique_address]] source_memory<reserved, (reserved.source > 0)> source{};
  WeightsView weights;
  W workers;
};

}  // namespace typeformer
