// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <optional>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// The layers inside a composition, as its member `inner`. What they declare applies to the model.
template <class... Layers> struct inner_layers {};

/// What the layers of a model declare about the inputs that they read.
struct declared_limits {
  index_type context = 0;        ///< positions: the smallest number that a layer declares; 0: none declares one
  index_type memory_length = 0;  ///< tokens of earlier segments that attention sees; 0: none
  index_type segments = 0;       ///< segments: the smallest number that a layer distinguishes; 0: none does
  bool positions_move = true;    ///< cached tokens can get lower positions when earlier ones are dropped
  std::optional<index_type> lowest_position{};  ///< for which every layer with a table of positions has a row
};

namespace detail {

constexpr index_type fewest(index_type a, index_type b) { return a == 0 || (b != 0 && b < a) ? b : a; }

template <class... Layers> constexpr void add_limits(declared_limits& found);

template <class... Inner> constexpr void add_limits_of_inner(declared_limits& found, inner_layers<Inner...>) {
  add_limits<Inner...>(found);
}
template <class Layer> constexpr void add_limits_of(declared_limits& found) {
  if constexpr (requires { index_type(Layer::context); }) {
    found.context = fewest(found.context, index_type(Layer::context));
    if constexpr (!requires { requires Layer::positions_move; }) found.positions_move = false;
  }
  if constexpr (requires { index_type(Layer::memory_length); })
    found.memory_length = (std::max)(found.memory_length, index_type(Layer::memory_length));
  if constexpr (requires { index_type(Layer::segment_count); })
    found.segments = fewest(found.segments, index_type(Layer::segment_count));
  if constexpr (requires { index_type(Layer::lowest_position); }) {
    const index_type lowest = index_type(Layer::lowest_position);
    found.lowest_position = (std::max)(lowest, found.lowest_position.value_or(lowest));
  }
  if constexpr (requires { typename Layer::inner; }) add_limits_of_inner(found, typename Layer::inner{});
}
template <class... Layers> constexpr void add_limits(declared_limits& found) { (add_limits_of<Layers>(found), ...); }

}  // namespace detail

/// What `Layers` and the layers inside them declare.
template <class... Layers>
inline constexpr declared_limits limits_of_layers = [] {
  declared_limits found;
  detail::add_limits<Layers...>(found);
  return found;
}();

}  // namespace typeformer
