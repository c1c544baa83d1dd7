// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/model.hpp>
#include <typeformer/foundation/isa.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The parameters of a model as kernels read them. `Format` is that of their matrices: float (weights.hpp), `bf16` or
/// `int8<>` (narrow_weights.hpp).
template <class M, class Format = float>
  requires fits_together<checked_model<M>>
class weights;

}  // namespace typeformer::inline TYPEFORMER_ISA
