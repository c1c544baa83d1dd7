// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

namespace typeformer {

/// Base of all composition errors. A mismatch takes the place of a shape and carries the layer and the numbers. It ends
/// the inference, so that it is reported once, at the model.
struct mismatch {};

template <class T>
concept Shape = !std::derived_from<T, mismatch>;

/// What the compiler prints if a composition is wrong. `Found` is the mismatch.
template <class Found>
concept fits_together = !std::derived_from<Found, mismatch>;  // not through `Shape`: every error is a line shorter

namespace error {
/// `relative_positions` has a memory, but this layer sees only the tokens of one call, or counts positions from the
/// first of them.
template <class Layer> struct layer_knows_nothing_of_earlier_segments : mismatch {};
}  // namespace error

}  // namespace typeformer
