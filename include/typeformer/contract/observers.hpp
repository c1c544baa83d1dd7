// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/observations.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer {

/// Reads what a walk shows; see `observation`.
struct no_observer {
  template <class... Seen> constexpr void operator()(Seen&&...) const {}
};

namespace detail {

template <class Observer, class Scalar>
inline constexpr bool takes_numbers =
    std::is_invocable_v<Observer&, observation, loop_place, block_view<Scalar>, index_type>;

/// An observer that takes constant numbers, too, such as one that takes any view, changes nothing.
template <class Observer, class Scalar>
inline constexpr bool changes_what_it_sees = !takes_numbers<Observer, const Scalar> && takes_numbers<Observer, Scalar>;

/// Whether an observer takes what a walk shows, and a run can have a copy of it.
template <class Observer, class Scalar>
inline constexpr bool takes_what_is_shown =
    std::is_copy_constructible_v<std::decay_t<Observer>> &&
    (takes_numbers<Observer, const Scalar> || changes_what_it_sees<Observer, Scalar>);

}  // namespace detail

}  // namespace typeformer
