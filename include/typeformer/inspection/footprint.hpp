// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <type_traits>
#include <utility>

#include <typeformer/contract/uses.hpp>
#include <typeformer/contract/weights_view.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parameters/layout.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/session_options.hpp>

namespace typeformer {

/// A target on which weights are read in canonical order, from a file or from flash.
struct portable {
  template <class Scalar> using weights_view = canonical_weights_view<Scalar>;
  static constexpr index_type readable_behind_the_weights = 0;
};

/// A target on which weights are packed into panels of `PanelWidth` outputs. Kernels read `Overread` scalars behind
/// them.
template <index_type PanelWidth, index_type Overread> struct packed {
  template <class Scalar> using weights_view = packed_weights_view<Scalar, PanelWidth>;
  static constexpr index_type readable_behind_the_weights = Overread;
};

namespace detail {

template <class View> struct viewed_as {
  View view() const;
};
/// The form of the weights given by the option `reads`, or else that of the target.
template <class M, class View> struct weights_form {
  template <class... Options>
  using among =
      decltype(std::declval<const typename chosen<reads<viewed_as<View>>, Options...>::template weights_of<M>&>()
                   .view());
};
/// The bytes of an array of a plan's places; those of an empty list are never read.
template <class Places> constexpr std::int64_t bytes_of_places(const Places&, int count) {
  return count > 0 ? std::int64_t(sizeof(Places)) : 0;
}
template <class... Options> using storage_of_memory = chosen<storage::in_place, Options...>;

}  // namespace detail

/// The exact number of bytes that a model needs to run. `Use` is `decoding`, `evaluating`, or one of `decoding_with`,
/// `evaluating_with`, `training_with` and `scoring_with` with the options of the `session`, `forward_pass`,
/// `training_pass` or `loss_pass`. The `sizeof` of that class is `ram_bytes` if its storage is `in_place`. The
/// parameters, gradients and optimizer state of a training pass belong to the caller and are not counted.
///
/// The storage is `in_place` unless the options contain another one.
template <class M, class Use, class Target = portable>
  requires fits_together<checked_model<M>> && fits_together<checked_use<Use, M>>
struct footprint {
 private:
  using plan = plan_of<M, Use>;
  using scalar_type = typename Use::template with_options<scalar_option>;
  using view = typename Use::template with_options<
      detail::weights_form<M, typename Target::template weights_view<scalar_type>>::template among>;
  using store = typename Use::template with_options<detail::storage_of_memory>;
  using workers = typename Use::template with_options<workers_option>;
  using held = held_memory<M, plan, plan::use::what_for, store, view, workers, scalar_type>;

 public:
  /// Activations, including the logits.
  static constexpr std::int64_t arena_bytes = decltype(held::arrays)::arena_bytes;
  /// What outlives a call: cached keys and values, a memory of earlier segments.
  static constexpr std::int64_t state_bytes = decltype(held::arrays)::state_bytes;
  /// Token ids, positions and lengths. A training pass and a loss pass read the caller's.
  static constexpr std::int64_t tables_bytes = held::tables_bytes;
  /// What the constructor allocates: nothing, or arena and state with `storage::owned`.
  static constexpr std::int64_t heap_bytes = std::is_same_v<store, storage::owned> ? arena_bytes + state_bytes : 0;
  /// What lies in regions of the caller's with `storage::placed`.
  static constexpr std::int64_t region_bytes = requires { store::activations; } ? arena_bytes + state_bytes : 0;
  /// All of the above, the pointers to them, and the padding for alignment.
  static constexpr std::int64_t ram_bytes = std::int64_t(sizeof(held)) + heap_bytes + region_bytes;
  /// The weights in the form that kernels read, wherever they lie.
  static constexpr std::int64_t weights_bytes = [] {
    if constexpr (requires { view::bytes; }) return view::bytes;
    else return std::int64_t(sizeof(scalar_type)) * (layout_of<M>.parameters + Target::readable_behind_the_weights);
  }();
  /// The constants in which a call looks up where buffers, states and parameters lie.
  static constexpr std::int64_t plan_bytes = detail::bytes_of_places(plan::buffers, plan::value.buffer_count) +
                                             detail::bytes_of_places(plan::states, plan::value.state_count) +
                                             detail::bytes_of_places(plan::operands, plan::value.operand_count);
  /// Weights and plan: all constants of the model. Code is not known before it is compiled.
  static constexpr std::int64_t flash_bytes = weights_bytes + plan_bytes;

  /// The part of `weights_bytes` that a tensor takes in all its blocks.
  static constexpr std::int64_t bytes_of(const leaf& tensor) {
    std::int64_t blocks = 1;
    for (const index_type count : tensor.count) blocks *= count > 0 ? count : 1;
    if constexpr (requires { view::layout.words(tensor.kind, tensor.rows, tensor.columns); })
      return 4 * blocks * view::layout.words(tensor.kind, tensor.rows, tensor.columns);
    else return std::int64_t(sizeof(scalar_type)) * blocks * tensor.rows * tensor.columns;
  }
};

}  // namespace typeformer
