// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/foundation/config.hpp>

namespace typeformer {

/// A token that is allowed in a state of an automaton, and the state that it leads to.
struct token_edge {
  std::int32_t id;
  std::uint32_t next;

  friend constexpr bool operator==(const token_edge&, const token_edge&) = default;
};

/// An automaton whose alphabet is a vocabulary. It says which tokens may follow a text, and how far the text is from
/// its end.
///
/// `edges(state)` are in ascending order of ids, and each leads to a state that can reach an end.
/// `tokens_to_end(state)` is the smallest number of tokens that complete the text, the end token included; 0 where the
/// text may end now. A view that `edges` returned stays valid as long as the automaton.
template <class A>
concept TokenAutomaton = requires(A& automaton, const A& asked, std::uint32_t state) {
  { automaton.edges(state) } -> std::convertible_to<std::span<const token_edge>>;
  { asked.tokens_to_end(state) } -> std::same_as<index_type>;
  { asked.start() } -> std::same_as<std::uint32_t>;
};

/// An automaton whose tables lie in the caller's memory, such as constants in flash.
///
/// The edges of state s are `edges[begins[s]]` to `edges[begins[s + 1] - 1]`; `begins` has one element more than there
/// are states. Precondition: the tables fit together and keep the rules of `TokenAutomaton`; a state beyond them has no
/// edges.
class token_tables {
 public:
  constexpr token_tables(std::span<const std::uint32_t> begins, std::span<const token_edge> edges,
                         std::span<const std::uint32_t> tokens_to_end)
      : begins_{begins}, edges_{edges}, tokens_to_end_{tokens_to_end} {}

  constexpr std::uint32_t start() const { return 0; }
  constexpr std::span<const token_edge> edges(std::uint32_t state) const {
    if (std::size_t{state} + 1 >= begins_.size()) return {};
    const std::size_t first = begins_[state], end = begins_[state + 1];
    if (end < first || end > edges_.size()) return {};
    return edges_.subspan(first, end - first);
  }
  constexpr index_type tokens_to_end(std::uint32_t state) const {
    return state < tokens_to_end_.size() ? index_type(tokens_to_end_[state]) : 0;
  }

 private:
  std::span<const std::uint32_t> begins_;
  std::span<const token_edge> edges_;
  std::span<const std::uint32_t> tokens_to_end_;
};

}  // namespace typeformer
