// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>
#include <utility>

#include <typeformer/contract/examiners.hpp>
#include <typeformer/contract/model.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/execution/execution_examiner.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/memory/planned_arrays.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/parameters/declare_weights.hpp>
#include <typeformer/session/canonical_weights.hpp>

namespace typeformer {

/// The form of weights that are read in canonical order, without packing: see `canonical_weights`.
struct canonical {
  template <class M> using weights_of = canonical_weights<M>;
};

namespace detail {
template <class Form, class M> struct weights_in {
  using type = Form;
};
template <class Form, class M>
  requires requires { typename Form::template weights_of<M>; }
struct weights_in<Form, M> {
  using type = typename Form::template weights_of<M>;
};
}  // namespace detail

/// Option: the form of the weights that a session reads, such as `canonical`, or a class of such weights.
template <class Form> struct reads {
  template <class M> using weights_of = typename detail::weights_in<Form, M>::type;
};
namespace error {
/// Workers run a task a number of times, as `spin_workers` does: see the concept `Workers`.
template <class Type> struct type_is_no_workers : mismatch {};
/// `Needed` and `Given` are regions, with their bytes.
template <class Needed, class Given, class Model> struct more_memory_is_needed_than_the_region_has : mismatch {};
/// TYPEFORMER_NO_HEAP is defined. `storage::in_place` and `storage::placed` need no heap.
template <class Storage, class Model> struct there_is_no_heap_for_the_storage : mismatch {};
/// Weights have a `view()`, as `weights<M>` does.
template <class Weights, class Model> struct weights_have_no_view : mismatch {};
}  // namespace error

/// Option: the workers that run the kernels.
template <class W> struct on_workers {
  using checked_options = std::conditional_t<Workers<W>, nothing, error::type_is_no_workers<W>>;
  using type = W;
};

/// Option: the type in which a `training_pass` or `loss_pass` computes, `float` or `double`.
template <class S> struct scalar {
  using type = S;
  static constexpr bool in_range = std::is_same_v<S, float> || std::is_same_v<S, double>;
};

/// Whether such an object only refers to weights elsewhere. Then it may be a temporary where a view is kept.
template <class Weights> inline constexpr bool refers_to_weights = false;
template <Model M> inline constexpr bool refers_to_weights<canonical_weights<M>> = true;

template <class Form> inline constexpr bool is_option_of<reads<Form>, purpose::decode> = true;
template <class Form> inline constexpr bool is_option_of<reads<Form>, purpose::evaluate> = true;
template <class S> inline constexpr bool is_option_of<scalar<S>, purpose::train> = true;
template <class S> inline constexpr bool is_option_of<scalar<S>, purpose::score> = true;
template <class W, purpose For> inline constexpr bool is_option_of<on_workers<W>, For> = true;
template <purpose For> inline constexpr bool is_option_of<storage::owned, For> = true;
template <purpose For> inline constexpr bool is_option_of<storage::in_place, For> = true;
template <auto& Activations, auto& State, purpose For>
inline constexpr bool is_option_of<storage::placed<Activations, State>, For> = true;

template <Model M, class... Options>
using weights_option = typename chosen<reads<weights<M>>, Options...>::template weights_of<M>;
/// `float` unless the options contain another type.
template <class... Options> using scalar_option = typename chosen<scalar<float>, Options...>::type;
template <class... Options> using workers_option = typename chosen<on_workers<inline_workers>, Options...>::type;

namespace detail {
/// The view of the weights, or a mismatch: they have none, or they are of another model.
template <class M, class Weights> constexpr auto view_of_weights() {
  if constexpr (!requires(const Weights& weights) { weights.view(); })
    return std::type_identity<error::weights_have_no_view<Weights, M>>{};
  else if constexpr (requires { requires !std::is_same_v<typename Weights::model, M>; })
    return std::type_identity<error::weights_are_of_another_model<Weights, M>>{};
  else return std::type_identity<decltype(std::declval<const Weights&>().view())>{};
}
/// What the operations of a use read: canonical parameters if a loss is computed, otherwise the weights of its options.
template <class M, purpose For, class... Options> constexpr auto view_for() {
  if constexpr (For == purpose::train || For == purpose::score)
    return std::type_identity<canonical_weights_view<scalar_option<Options...>>>{};
  else return view_of_weights<M, weights_option<M, Options...>>();
}
}  // namespace detail

template <class... Options> using storage_option = chosen<storage::owned, Options...>;

namespace detail {
/// `Checked`, or a mismatch: the storage has too little memory.
template <class Use, class M, class Checked, class... Options> constexpr auto checked_storage() {
  using store = storage_option<Options...>;
  if constexpr (!Shape<Checked>) return std::type_identity<Checked>{};
#if defined(TYPEFORMER_NO_HEAP)
  else if constexpr (std::is_same_v<store, storage::owned>)
    return std::type_identity<error::there_is_no_heap_for_the_storage<store, M>>{};
#endif
  else if constexpr (requires { store::activations; }) {
    using arrays = planned_arrays<plan_of<M, Use>, scalar_option<Options...>, store>;
    if constexpr (store::activations < arrays::arena_bytes)
      return std::type_identity<error::more_memory_is_needed_than_the_region_has<
          storage::region<arrays::arena_bytes>, storage::region<store::activations>, M>>{};
    else if constexpr (store::state < arrays::state_bytes)
      return std::type_identity<error::more_memory_is_needed_than_the_region_has<storage::region<arrays::state_bytes>,
                                                                                 storage::region<store::state>, M>>{};
    else return std::type_identity<Checked>{};
  } else return std::type_identity<Checked>{};
}
}  // namespace detail

/// A use that also checks whether every operation of the model can be executed with the options.
template <class Use, class... Options> struct executed : Use {
  template <class M>
  using view = typename decltype(detail::view_for<M, Use::template use<M>::what_for, Options...>())::type;
  template <class M>
  using executable = checked_and_examined<both_checks<view<M>, typename Use::template checked<M>>, M,
                                          execution_examiner<typename Use::template use<M>, scalar_option<Options...>,
                                                             view<M>, workers_option<Options...>>>;
  template <class M>
  using checked = typename decltype(detail::checked_storage<Use, M, executable<M>, Options...>())::type;
};

}  // namespace typeformer
