// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/scope.hpp>
#include <typeformer/memory/planned.hpp>
#include <typeformer/shape/shape.hpp>

namespace typeformer {

namespace detail {
template <class Session> constexpr bool reads_own_inputs() {
  if constexpr (requires { typename Session::plan; }) return !own_inputs<typename Session::plan>.empty();
  else return false;
}
/// `nothing`, or the mismatch when a session has no tokens to choose from, or needs more than tokens.
template <class Session> constexpr auto checked_generation() {
  if constexpr (requires {
                  typename Session::model;
                  requires Session::vocabulary == 0;
                })
    return error::only_a_model_of_tokens_generates<typename Session::model>{};
  else if constexpr (reads_own_inputs<Session>())
    return error::generation_gives_no_inputs_of_the_users_own<typename Session::model>{};
  else return nothing{};
}
}  // namespace detail

/// What is asked of a session that generates: `nothing`, or the mismatch.
template <class Session> using generation_of = decltype(detail::checked_generation<Session>());

/// `Result`, where the session generates.
template <class Session, class Result>
using if_generates = std::enable_if_t<fits_together<generation_of<Session>>, Result>;

/// Whether a session takes another token of a sequence that has `length` cached ones.
template <class Session> constexpr bool has_room_after(index_type length) {
  return drops_the_oldest(Session::reserved) || length < Session::reserved.context;
}

}  // namespace typeformer
