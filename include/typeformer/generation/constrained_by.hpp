// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include <typeformer/generation/candidates.hpp>

namespace typeformer {

/// Gives the tokens that are allowed next, and receives the chosen one: an automaton of a grammar, a list of words.
template <class C>
concept TokenConstraint = requires(C& constraint, const C& asked, std::int32_t id) {
  { asked.allows(id) } -> std::same_as<bool>;
  constraint.take(id);
};

namespace detail {
struct takes_id {
  constexpr void operator()(std::int32_t) const {}
};
}  // namespace detail

/// A constraint that lists what it allows, in ascending order, such as `constrained_text`.
template <class C>
concept ListedConstraint =
    TokenConstraint<C> && requires(const C& asked) { asked.for_each_allowed(detail::takes_id{}); };

/// Keeps the tokens that a constraint allows next, and tells it the chosen one. The caller owns the constraint.
///
/// If it allows none, or none with a logit above minus infinity, the sampler returns `no_token` and the text ends. As
/// the first filter of a chain, a listed constraint gives the candidates: the cost is that of its list, and no other
/// logit is read. Elsewhere it is one call of `allows` per candidate. Placed after other filters it is called less
/// often, but none of the remaining candidates may be allowed.
template <TokenConstraint Constraint> class constrained_by {
 public:
  constexpr explicit constrained_by(Constraint& constraint) : constraint_{&constraint} {}

  constexpr void operator()(candidates& left) const {
    left.keep_if([this](const candidate& item) { return std::as_const(*constraint_).allows(item.id); });
  }
  constexpr void chosen(std::int32_t id) const { constraint_->take(id); }

  /// The candidates at the begin of a chain. Precondition: the workspace has room for the list (else it traps).
  constexpr candidates candidates_of(std::span<const float> logits, std::span<candidate> workspace) const
    requires ListedConstraint<Constraint>
  {
    std::size_t count = 0;
    std::as_const(*constraint_).for_each_allowed([&](std::int32_t id) {
      const auto place = static_cast<std::size_t>(id);
      if (id < 0 || place >= logits.size() || !(logits[place] > -std::numeric_limits<float>::infinity())) return;
      if (count == workspace.size()) __builtin_trap();
      workspace[count++] = {id, logits[place], 0};
    });
    return candidates{workspace.first(count)};
  }

 private:
  Constraint* constraint_;
};

}  // namespace typeformer
