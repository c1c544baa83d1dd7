// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/model.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/memory/storage.hpp>

namespace typeformer {

namespace error {
/// Parameters are `float` or `double`. Other formats are for `weights`.
template <class Type, class Model> struct parameters_are_neither_float_nor_double : mismatch {};
}  // namespace error

/// Nothing, or why a model cannot have parameters of this type.
template <class M, class Scalar>
using checked_parameters =
    both_checks<checked_model<M>,
                std::conditional_t<std::is_same_v<Scalar, float> || std::is_same_v<Scalar, double>, nothing,
                                   error::parameters_are_neither_float_nor_double<Scalar, M>>>;

template <class M, class Scalar = float, class Store = storage::owned>
  requires fits_together<checked_parameters<M, Scalar>>
class parameters;

}  // namespace typeformer
