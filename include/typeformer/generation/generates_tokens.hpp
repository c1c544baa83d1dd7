// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <type_traits>

#include <typeformer/contract/mismatches.hpp>
#include <typeformer/contract/scope.hpp>

namespace typeformer {

/// `nothing`, or the mismatch when a session has no tokens to choose from: its model reads real values.
template <class Session> struct token_session {
  using checked = nothing;
};
template <class Session>
  requires requires {
    typename Session::model;
    requires Session::vocabulary == 0;
  }
struct token_session<Session> {
  using checked = error::only_a_model_of_tokens_generates<typename Session::model>;
};

/// What is asked of a session that generates: `nothing`, or the mismatch.
template <class Session> using generation_of = typename token_session<Session>::checked;

/// `Result`, where the session generates.
template <class Session, class Result>
using if_generates = std::enable_if_t<fits_together<generation_of<Session>>, Result>;

}  // namespace typeformer
