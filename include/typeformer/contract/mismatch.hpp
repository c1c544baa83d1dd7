// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>

namespace typeformer {

/// Base of every way in which a composition can be wrong. A mismatch takes the place of a shape, carries the layer and
/// the numbers, and short-circuits the rest of the inference, so that it is reported once, at the model.
struct mismatch {};

template <class T>
concept Shape = !std::derived_from<T, mismatch>;

/// What the compiler prints when a composition is wrong: `Found` is the mismatch.
template <class Found>
concept fits_together = !std::derived_from<Found, mismatch>;  // not by way of `Shape`: a line less of every error

namespace error {
/// `relative_positions` has a memory, and this layer sees only what one call brings or counts positions from its beginning.
template <class Layer> struct layer_knows_nothing_of_earlier_segments : mismatch {};
}  // namespace error

}  // namespace typeformer
