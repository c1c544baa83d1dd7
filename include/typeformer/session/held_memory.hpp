// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include <typeformer/contract/leaf_names.hpp>
#include <typeformer/contract/real_inputs.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/memory/planned_arrays.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/session/batch_tables.hpp>
#include <typeformer/session/feature_table.hpp>
#include <typeformer/session/given_inputs.hpp>
#include <typeformer/session/sliding_cache.hpp>
#include <typeformer/session/source_memory.hpp>

namespace typeformer::detail {

/// Whether there are weights. There are none after they were moved from or if their allocation failed.
template <class M, class View> constexpr bool has_values(const View& weights) {
  if constexpr (parameter_plan<M>::value.parameters > 0 && requires { weights.data != nullptr; })
    return weights.data != nullptr;
  else return true;
}

}  // namespace typeformer::detail

namespace typeformer::inline TYPEFORMER_ISA {

/// The memory for running a model for a purpose. It is the only member of `session` (decode), `forward_pass`
/// (evaluate), `training_pass` (train) and `loss_pass` (score), and `memory` measures it.
template <class M, class Plan, purpose For, class Store, class WeightsView, Workers W, class Scalar>
struct held_memory {
  planned_arrays<Plan, Scalar, Store> arrays{};
  [[no_unique_address]] W workers;

  static constexpr std::int64_t tables_bytes = 0;
};

template <class M, class Plan, class Store, class WeightsView, Workers W, class Scalar>
struct held_memory<M, Plan, purpose::decode, Store, WeightsView, W, Scalar> {
  static constexpr capacities reserved = Plan::use::reserved;
  using batch_arrays = batch_tables<reserved.batch, reserved.tokens, batch_columns{.ids = !reads_real_values<M>}>;
  using features_type = feature_table<reserved.batch, reserved.tokens, feature_channels<M>>;
  using lengths = std::array<index_type, std::size_t(reserved.batch)>;

  planned_arrays<Plan, Scalar, Store> arrays{};
  batch_arrays tables{};
  lengths length{};
  [[no_unique_address]] features_type features{};
  [[no_unique_address]] source_memory<reserved, (reserved.source > 0), source_channels<M>> source{};
  [[no_unique_address]] sliding_cache<reserved> slide{};
  [[no_unique_address]] session_inputs_memory<Plan> given{};
  WeightsView weights;
  [[no_unique_address]] W workers;
  index_type logits = -1;  ///< where the last call left them in the arena; an address would be wrong in a copy

  static constexpr std::int64_t tables_bytes =
      sizeof(batch_arrays) + sizeof(lengths) + (reads_features<M> ? sizeof(features_type) : 0);

  constexpr bool available() const { return arrays.available() && detail::has_values<M>(weights); }
};

template <class M, class Plan, class Store, class WeightsView, Workers W, class Scalar>
struct held_memory<M, Plan, purpose::evaluate, Store, WeightsView, W, Scalar> {
  static constexpr capacities reserved = Plan::use::reserved;
  static constexpr batch_columns columns{.ids = !reads_real_values<M>,
                                         .segments = tells_segments_apart<M>,
                                         .flags = reads_features<M> && has_class_token<M>};
  using batch_arrays = batch_tables<reserved.batch, reserved.tokens, columns>;

  planned_arrays<Plan, Scalar, Store> arrays{};
  batch_arrays tables{};
  [[no_unique_address]] source_memory<reserved, (reserved.source > 0), source_channels<M>> source{};
  [[no_unique_address]] given_inputs<Plan> given{};
  WeightsView weights;
  [[no_unique_address]] W workers;

  static constexpr std::int64_t tables_bytes = sizeof(batch_arrays);

  constexpr bool available() const { return arrays.available() && detail::has_values<M>(weights); }
};

}  // namespace typeformer::inline TYPEFORMER_ISA
