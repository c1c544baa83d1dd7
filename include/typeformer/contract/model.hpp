// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/parameter_names.hpp>
#include <typeformer/contract/shape_inference.hpp>

namespace typeformer {

/// A type that can be planned, loaded and run: its layers fit together, so that `result` is the shape of its output and
/// not the first mismatch with its numbers; and no two of its parameters have the same name.
template <class M>
concept Model = Shape<typename M::result> && Shape<checked_names<M>>;

/// A use that asks a model for no more than it has.
template <class Use, class M>
concept UseOf = Shape<typename Use::template checked<M>>;

}  // namespace typeformer
