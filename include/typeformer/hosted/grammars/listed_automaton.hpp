// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/generation/token_automaton.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/grammar_automaton.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>

namespace typeformer {

/// All edges of an automaton in three arrays, which a program can write down as constants: on a device without a heap,
/// `token_tables` reads them from flash. Only states that a text can reach are in it.
struct listed_automaton {
  std::vector<std::uint32_t> begins;
  std::vector<token_edge> edges;
  std::vector<std::uint32_t> tokens_to_end;

  /// A view of the arrays.
  token_tables tables() const { return {begins, edges, tokens_to_end}; }

  /// Error: more than `most_edges`. A state of a string allows most tokens of a vocabulary.
  static result<listed_automaton, grammar_error> of(grammar_automaton automaton,
                                                    std::size_t most_edges = 10'000'000) noexcept {
    constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();
    listed_automaton made;
    std::vector<std::uint32_t> order{automaton.start()}, places;
    const auto place_of = [&](std::uint32_t state) {
      if (state >= places.size()) places.resize(std::size_t{state} + 1, unknown);
      if (places[state] == unknown) {
        places[state] = static_cast<std::uint32_t>(order.size());
        order.push_back(state);
      }
      return places[state];
    };
    places.resize(std::size_t{automaton.start()} + 1, unknown);
    places[automaton.start()] = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      made.begins.push_back(static_cast<std::uint32_t>(made.edges.size()));
      made.tokens_to_end.push_back(static_cast<std::uint32_t>(automaton.tokens_to_end(order[i])));
      for (const token_edge& edge : automaton.edges(order[i])) made.edges.push_back({edge.id, place_of(edge.next)});
      if (made.edges.size() > most_edges)
        return failure{grammar_error{detail::joined(
            {"the automaton is too large for a list: expected at most ", detail::digits_of(most_edges), " edges"})}};
    }
    made.begins.push_back(static_cast<std::uint32_t>(made.edges.size()));
    return result<listed_automaton, grammar_error>(std::move(made));
  }
};

}  // namespace typeformer
