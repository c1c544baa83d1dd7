// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstdint>
#include <utility>

#include <typeformer/generation/candidates.hpp>

namespace typeformer {

/// Gives the tokens that are allowed next, and receives the chosen one: an automaton of a grammar, a list of words.
template <class C>
concept TokenConstraint = requires(C& constraint, const C& asked, std::int32_t id) {
  { asked.allows(id) } -> std::same_as<bool>;
  constraint.take(id);
};

/// Keeps the tokens that a constraint allows next, and tells it the chosen one. The caller owns the constraint.
///
/// If it allows none, the sampler returns `no_token` and the text ends. Cost: one call of `allows` per candidate.
/// Placed after other filters it is called less often, but none of the remaining candidates may be allowed.
template <TokenConstraint Constraint> class constrained_by {
 public:
  constexpr explicit constrained_by(Constraint& constraint) : constraint_{&constraint} {}

  constexpr void operator()(candidates& left) const {
    left.keep_if([this](const candidate& item) { return std::as_const(*constraint_).allows(item.id); });
  }
  constexpr void chosen(std::int32_t id) const { constraint_->take(id); }

 private:
  Constraint* constraint_;
};

}  // namespace typeformer
