// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/examiners.hpp>
#include <typeformer/contract/model.hpp>
#include <typeformer/contract/uses.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/session/canonical_weights.hpp>
#include <typeformer/foundation/isa.hpp>

namespace typeformer {

inline namespace TYPEFORMER_ISA {
template <Model M> class weights;
}

/// Option: the form of the weights that a session reads.
template <class Weights> struct reads {
  using type = Weights;
};
/// Option: who runs the kernels.
template <Workers W> struct on_workers {
  using type = W;
};

/// Option: the type that a `learner` or `scorer` computes in, `float` or `double`.
template <class S> struct scalar {
  using type = S;
  static constexpr bool in_range = std::is_same_v<S, float> || std::is_same_v<S, double>;
};

/// Whether such an object only refers to weights that lie elsewhere: then it may be a temporary where a view is kept.
template <class Weights> inline constexpr bool refers_to_weights = false;
template <Model M> inline constexpr bool refers_to_weights<canonical_weights<M>> = true;

template <class Weights> inline constexpr bool is_option_of<reads<Weights>, purpose::decode> = true;
template <class Weights> inline constexpr bool is_option_of<reads<Weights>, purpose::evaluate> = true;
template <class S> inline constexpr bool is_option_of<scalar<S>, purpose::train> = true;
template <class S> inline constexpr bool is_option_of<scalar<S>, purpose::score> = true;
template <Workers W, purpose For> inline constexpr bool is_option_of<on_workers<W>, For> = true;
template <purpose For> inline constexpr bool is_option_of<storage::owned, For> = true;
template <purpose For> inline constexpr bool is_option_of<storage::in_place, For> = true;

namespace detail {

template <class Otherwise, template <class> class Option, class... Options> struct type_option {
  using type = Otherwise;
};
template <class Otherwise, template <class> class Option, class T, class... Rest>
struct type_option<Otherwise, Option, Option<T>, Rest...> {
  using type = T;
};
template <class Otherwise, template <class> class Option, class Other, class... Rest>
struct type_option<Otherwise, Option, Other, Rest...> : type_option<Otherwise, Option, Rest...> {};

template <class... Options> struct workers_of {
  using type = inline_workers;
};
template <class W, class... Rest> struct workers_of<on_workers<W>, Rest...> {
  using type = W;
};
template <class Other, class... Rest> struct workers_of<Other, Rest...> : workers_of<Rest...> {};

}  // namespace detail

template <Model M, class... Options>
using weights_option = typename detail::type_option<weights<M>, reads, Options...>::type;
/// `float` unless the options say otherwise.
template <class... Options> using scalar_option = typename detail::type_option<float, scalar, Options...>::type;
template <class... Options> using workers_option = typename detail::workers_of<Options...>::type;
/// A use whose checks also look whether every operation of the model can be executed with the options.
template <class Use, class... Options> struct executed : Use {
  template <class M>
  using checked = checked_and_examined<
      typename Use::template checked<M>, M,
      execution_examiner<typename Use::template use<M>, float,
                         decltype(std::declval<const weights_option<M, Options...>&>().view()), workers_option<Options...>>>;
};

template <class... Options>
using storage_option = std::conditional_t<(std::is_same_v<storage::in_place, Options> || ...), storage::in_place, storage::owned>;

}  // namespace typeformer
