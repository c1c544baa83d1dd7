// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/inputs_of_uses.hpp>
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/parameter_names.hpp>

namespace typeformer {

/// Whether a model reads the segments of its tokens.
template <class M> inline constexpr bool tells_segments_apart = requires { requires(M::segments > 0); };

namespace error {
/// A model has its output's shape as `result`. It is derived from `decoder_only` or another architecture.
template <class Type> struct type_is_no_model : mismatch {};
/// A use says which walk it plans and for what purpose, as `decoding_with<…>` and `training_with<…>` do.
template <class Type> struct type_is_no_use : mismatch {};
}  // namespace error

namespace detail {
template <class M> constexpr auto first_mismatch_of() {
  if constexpr (!requires { typename M::output; }) return std::type_identity<error::type_is_no_model<M>>{};
  else if constexpr (!Shape<typename M::output>) return std::type_identity<typename M::output>{};
  else return std::type_identity<typeformer::checked_names<M>>{};
}
template <class M> struct model_check : decltype(first_mismatch_of<M>()) {};
}  // namespace detail

/// The first mismatch that keeps a type from being a `Model`. Templates that take a model use this instead of the
/// concept, which makes every error a line shorter.
template <class M> using checked_model = typename detail::model_check<M>::type;

/// A type that can be planned, loaded and run. Its layers fit together, so that `result` is the shape of its output and
/// not the first mismatch with its numbers. No two of its parameters have the same name.
template <class M>
concept Model = fits_together<checked_model<M>>;

namespace detail {
template <class Use, class M> constexpr auto first_mismatch_of_use() {
  if constexpr (!requires {
                  typename Use::template checked<M>;
                  typename Use::template use<M>;
                })
    return std::type_identity<error::type_is_no_use<Use>>{};
  else if constexpr (!Shape<typename Use::template checked<M>>)
    return std::type_identity<typename Use::template checked<M>>{};
  else if constexpr (!fits_together<
                         checked_walk_of_use<typename Use::template walk<M>, typename Use::template use<M>, M>>)
    return std::type_identity<checked_walk_of_use<typename Use::template walk<M>, typename Use::template use<M>, M>>{};
  else return std::type_identity<decltype(checked_inputs<Use, M>())>{};
}
template <class Use, class M> struct use_check : decltype(first_mismatch_of_use<Use, M>()) {};
}  // namespace detail

/// Nothing, or a mismatch if the use needs more than the model has or if its walk cannot be planned.
template <class Use, class M> using checked_use = typename detail::use_check<Use, M>::type;

/// A use that needs no more than the model has and whose walk can be planned.
template <class Use, class M>
concept UseOf = fits_together<checked_use<Use, M>>;

}  // namespace typeformer
