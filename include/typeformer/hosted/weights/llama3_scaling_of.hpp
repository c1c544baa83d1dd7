// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <optional>

#include <typeformer/composition/decoder_only.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/reference/rotary_frequencies.hpp>

namespace typeformer {

/// The rotary positions of a model with the scaling of Llama 3.
struct llama3_rotation {
  index_type width;  ///< that is rotated
  double theta;
  reference::llama3_scaling scaling;
};

namespace detail {

template <class Layer> inline constexpr std::optional<llama3_rotation> llama3_rotation_in{};
template <class Context, class RotaryWidth, class Pairs, class Theta, number Factor, number Low, number High,
          index_type OriginalContext>
inline constexpr std::optional<llama3_rotation> llama3_rotation_in<
    rotary_positions<Context, RotaryWidth, Pairs, Theta, llama3_frequencies<Factor, Low, High, OriginalContext>>> =
    llama3_rotation{argument_value<rotary_width<2>, RotaryWidth>,
                    argument_value<theta<1.0>, Theta>,
                    {Factor.value, Low.value, High.value, static_cast<double>(OriginalContext)}};

template <class Embedding, class... Layers>
constexpr std::optional<llama3_rotation> llama3_rotation_among(const decoder_only<Embedding, Layers...>*) {
  std::optional<llama3_rotation> found;
  ((found = found ? found : llama3_rotation_in<Layers>), ...);
  return found;
}
constexpr std::optional<llama3_rotation> llama3_rotation_among(const void*) { return {}; }

}  // namespace detail

/// That of a decoder whose layers have one; nothing: there is none.
template <class M>
inline constexpr std::optional<llama3_rotation> llama3_rotation_of =
    detail::llama3_rotation_among(static_cast<const M*>(nullptr));

}  // namespace typeformer
