// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/error_text.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/token_automaton.hpp>

namespace typeformer {

/// A text cannot be completed with so few tokens.
struct token_budget_error {
  index_type expected = 0;  ///< at least so many tokens
  index_type found = 0;

  constexpr error_text message() const {
    return error_text{"the budget of a constrained text: expected at least "}
        .add(std::int64_t{expected})
        .add(" tokens, found ")
        .add(std::int64_t{found});
  }
};

/// A text that an automaton accepts, token by token, within a budget of tokens. It is a constraint for
/// `constrained_by` and `constrained_sampler`.
///
/// A token is allowed if the automaton has it and the tokens that are left afterwards are enough to complete the text.
/// So there is no dead end: at the latest with the last token of the budget the text is complete. Where the
/// automaton has end tokens, they are among those tokens. The budget must be generated: at most `max_tokens`, and
/// `context - prompt + 1`. Cost of a step: the edges of a state, whatever the size of the vocabulary.
template <TokenAutomaton Automaton> class constrained_text {
 public:
  /// The automaton must outlive the text. Error: the budget is too small for any text.
  static constexpr result<constrained_text, token_budget_error> of(Automaton& automaton, index_type budget) {
    const index_type least = std::as_const(automaton).tokens_to_end(std::as_const(automaton).start());
    if (budget < least) return failure{token_budget_error{least, budget}};
    return constrained_text{automaton, budget};
  }

  constexpr bool allows(std::int32_t id) const {
    const token_edge* const found = find(id);
    return found != nullptr && fits(*found);
  }
  /// Calls `use(id)` for the allowed tokens, in ascending order.
  template <class Use> constexpr void for_each_allowed(Use use) const {
    for (const token_edge& edge : edges_)
      if (fits(edge)) use(edge.id);
  }
  /// Takes the next token. After one that is not allowed, nothing is.
  constexpr void take(std::int32_t id) {
    const token_edge* const found = find(id);
    is_rejected_ = is_rejected_ || found == nullptr || !fits(*found);
    if (is_rejected_) {
      edges_ = {};
      return;
    }
    enter(found->next);
    --left_;
  }

  /// Whether the automaton accepts the text so far, and an end token if it has one.
  constexpr bool is_complete() const { return !is_rejected_ && std::as_const(*automaton_).tokens_to_end(state_) == 0; }
  /// Whether a token was taken that was not allowed.
  constexpr bool is_rejected() const { return is_rejected_; }
  /// The rest of the budget.
  constexpr index_type left() const { return left_; }

 private:
  constexpr constrained_text(Automaton& automaton, index_type budget) : automaton_{&automaton}, left_{budget} {
    enter(std::as_const(automaton).start());
  }
  constexpr void enter(std::uint32_t state) {
    state_ = state;
    edges_ = automaton_->edges(state);
  }
  constexpr bool fits(const token_edge& edge) const {
    return std::as_const(*automaton_).tokens_to_end(edge.next) < left_;
  }
  constexpr const token_edge* find(std::int32_t id) const {
    const auto found = std::ranges::lower_bound(edges_, id, {}, &token_edge::id);
    return found == edges_.end() || found->id != id ? nullptr : &*found;
  }

  Automaton* automaton_;
  index_type left_;
  std::uint32_t state_ = 0;
  bool is_rejected_ = false;
  std::span<const token_edge> edges_{};
};

}  // namespace typeformer
