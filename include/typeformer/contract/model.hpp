// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>
#include <typeformer/contract/parameter_names.hpp>

namespace typeformer {

/// A type that can be planned, loaded and run: its layers fit together, so that `result` is the shape of its output and
/// not the first mismatch with its numbers; and no two of its parameters have the same name.
template <class M>
concept Model = fits_together<typename M::result> && fits_together<checked_names<M>>;

/// Whether a model reads the segments of its tokens.
template <class M> inline constexpr bool tells_segments_apart = requires { requires (M::segments > 0); };

/// A use that asks a model for no more than it has, and whose walk can be planned.
template <class Use, class M>
concept UseOf = fits_together<typename Use::template checked<M>> &&
                fits_together<checked_walk_of_use<typename Use::template walk<M>, typename Use::template use<M>, M>>;

}  // namespace typeformer
