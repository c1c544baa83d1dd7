// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>

#include <typeformer/memory/plan.hpp>
#include <typeformer/shape/cache_view.hpp>

namespace typeformer {

/// Where the scales of a state lie in an array of `fixed_scales`: [iterations of its loops][columns].
struct scale_place {
  index_type first = 0, columns = 0;
};

namespace detail {

template <class Plan>
inline constexpr auto scale_places = [] {
  constexpr int count = Plan::value.state_count;
  std::array<scale_place, std::size_t(count) + 1> places{};  // the last one says where all end
  index_type first = 0;
  for (int id = 0; id < count; ++id) {
    const state_place& state = Plan::value.states[std::size_t(id)];
    const index_type columns = state.can.heads * state.can.numbers_of_scale;
    places[std::size_t(id)] = {first, columns};
    if (columns > 0) first += (end_of_state(Plan::value, id) - state.offset) / state.size * columns;
  }
  places.back().first = first;
  return places;
}();

/// The scale of the first column of state `id` at an offset.
template <class Plan> constexpr index_type first_scale(int id, index_type offset) {
  const scale_place& scales = scale_places<typename Plan::constant>[std::size_t(id)];
  const auto& state = Plan::states[std::size_t(id)];
  return scales.first + (offset - state.offset) / state.size * scales.columns;
}

/// State `id` at an offset, with its scales if they are fixed.
template <class Plan, class Element, class To>
constexpr state_view<Element, To> state_at(To* memory, int id, index_type offset) {
  if constexpr (requires { typename Element::scales; })
    return {memory + offset, Element::scales::data() + first_scale<Plan>(id, offset)};
  else return {memory + offset};
}

}  // namespace detail

/// The scales that a plan's caches need if they are fixed.
template <class Plan> inline constexpr index_type cache_scale_count = detail::scale_places<Plan>.back().first;

}  // namespace typeformer
