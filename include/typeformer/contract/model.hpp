// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/shape_inference.hpp>

namespace typeformer {

/// A composition whose layers fit together; `Result` is its output shape, or the first mismatch with its numbers.
template <class Result>
concept fits_together = Shape<Result>;

/// A type that can be planned, loaded and run.
template <class M>
concept Model = fits_together<typename M::result>;

}  // namespace typeformer
