// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/model.hpp>
#include <typeformer/contract/option_checks.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/number_formats.hpp>

namespace typeformer {

namespace error {
/// Weights are `float`, `bf16`, `int8<>`, `int8<groups_of<N>>` or `int4<groups_of<N>, range>`.
template <class Type, class Model> struct weights_do_not_have_this_format : mismatch {};
}  // namespace error

/// Nothing, or why a model cannot have weights of this format.
template <class M, class Format>
using checked_weights =
    both_checks<checked_model<M>, std::conditional_t<std::is_same_v<Format, float> || is_number_format<Format>, nothing,
                                                     error::weights_do_not_have_this_format<Format, M>>>;

}  // namespace typeformer

namespace typeformer::inline TYPEFORMER_ISA {

/// The parameters of a model as kernels read them. `Format` is that of their matrices: float (weights.hpp), `bf16` or
/// `int8<>` (narrow_weights.hpp).
template <class M, class Format = float>
  requires fits_together<checked_weights<M, Format>>
class weights;

}  // namespace typeformer::inline TYPEFORMER_ISA
