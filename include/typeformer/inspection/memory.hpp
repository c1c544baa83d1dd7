// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/uses.hpp>
#include <typeformer/contract/weights_view.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/session/inference_memory.hpp>

namespace typeformer {

/// Where weights are read as they are in a file or in flash, on every processor.
struct portable {
  template <class Scalar> using weights_view = canonical_weights_view<Scalar>;
  static constexpr index readable_behind_the_weights = 0;
};

/// Where weights are packed into panels of `PanelWidth` outputs and kernels read `Overread` scalars behind them.
template <index PanelWidth, index Overread> struct packed {
  template <class Scalar> using weights_view = packed_weights_view<Scalar, PanelWidth>;
  static constexpr index readable_behind_the_weights = Overread;
};

namespace detail {
template <class M, class Plan, class View> constexpr auto inference_memory_for() {
  if constexpr (Plan::use::remembers)
    return std::type_identity<session_memory<Plan, storage::in_place, View, inline_workers>>{};
  else return std::type_identity<evaluator_memory<Plan, storage::in_place, View, inline_workers, tells_segments_apart<M>>>{};
}
}  // namespace detail

/// What a model needs to run, in bytes and exact: `sizeof` of a session (of an evaluator, for `evaluating`) whose
/// storage is `in_place` equals `ram_bytes`. `Use` is `decoding`, `evaluating`, or one of them with options.
template <Model M, UseOf<M> Use, class Target = portable> struct memory {
 private:
  using plan = plan_of<M, Use>;
  using held =
      typename decltype(detail::inference_memory_for<M, plan, typename Target::template weights_view<float>>())::type;
  static constexpr std::int64_t lengths =
      plan::use::remembers ? std::int64_t(plan::use::reserved.batch * sizeof(index)) : 0;

 public:
  /// Activations, the logits among them.
  static constexpr std::int64_t arena_bytes = std::int64_t(sizeof(float)) * plan::value.arena[0];
  /// Remembered keys and values.
  static constexpr std::int64_t state_bytes = std::int64_t(sizeof(float)) * plan::value.state;
  /// Token ids, positions and lengths.
  static constexpr std::int64_t tables_bytes = std::int64_t(sizeof(held::tables)) + lengths;
  /// All of the above, the pointers beside them and the padding that alignment asks for.
  static constexpr std::int64_t ram_bytes = std::int64_t(sizeof(held));
  /// The weights in the form that the kernels read, wherever they lie.
  static constexpr std::int64_t flash_bytes =
      std::int64_t(sizeof(float)) * (layout_of<M>.parameters + Target::readable_behind_the_weights);
};

}  // namespace typeformer
