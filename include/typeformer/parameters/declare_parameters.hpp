// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/model.hpp>
#include <typeformer/memory/storage.hpp>

namespace typeformer {

namespace error {
/// Parameters are `float` or `double`. Other formats are for `weights`.
template <class Type, class Model> struct parameters_are_neither_float_nor_double : mismatch {};
}  // namespace error

namespace detail {
template <class M, class Scalar> constexpr auto first_mismatch_of_parameters() {
  if constexpr (!Shape<typeformer::checked_model<M>>) return std::type_identity<typeformer::checked_model<M>>{};
  else if constexpr (!std::is_same_v<Scalar, float> && !std::is_same_v<Scalar, double>)
    return std::type_identity<error::parameters_are_neither_float_nor_double<Scalar, M>>{};
  else return std::type_identity<nothing>{};
}
template <class M, class Scalar> struct parameters_check : decltype(first_mismatch_of_parameters<M, Scalar>()) {};
}  // namespace detail

/// Nothing, or why a model cannot have parameters of this type.
template <class M, class Scalar> using checked_parameters = typename detail::parameters_check<M, Scalar>::type;

template <class M, class Scalar = float, class Store = storage::owned>
  requires fits_together<checked_parameters<M, Scalar>>
class parameters;

}  // namespace typeformer
