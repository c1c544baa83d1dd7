// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/files/file_error.hpp>
#include <typeformer/hosted/grammars/byte_automaton.hpp>
#include <typeformer/hosted/grammars/grammar_error.hpp>
#include <typeformer/hosted/grammars/token_trie.hpp>

namespace typeformer::detail {

inline constexpr std::uint32_t no_distance = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::size_t most_token_work = std::size_t{1} << 31, most_token_ways = std::size_t{1} << 26;

/// The smallest number of tokens from each state to an end, or `no_distance` where no token ends or no tokens reach an
/// end. If there are end tokens, an end needs one. They are not part of a text.
///
/// Found from the ends backwards, breadth first, over the states in which a token can end.
inline result<std::vector<std::uint32_t>, grammar_error> token_distances(const byte_automaton& bytes,
                                                                         const token_trie& vocabulary,
                                                                         const std::vector<bool>& is_end) {
  const std::size_t size = bytes.size();
  std::vector<std::vector<std::uint32_t>> before(size);
  std::vector<std::uint32_t> open{bytes.start()}, last_seen_from(size, no_distance), distances(size, no_distance);
  std::vector<bool> is_found(size);
  is_found[bytes.start()] = true;
  std::size_t work = 0, ways = 0;
  for (std::size_t i = 0; i < open.size(); ++i) {
    const std::uint32_t state = open[i];
    work += vocabulary.walk(bytes, state, [&](std::int32_t id, std::uint32_t next) {
      if (is_end[static_cast<std::size_t>(id)] || std::exchange(last_seen_from[next], state) == state) return;
      before[next].push_back(state), ++ways;
      if (!is_found[next]) is_found[next] = true, open.push_back(next);
    });
    if (work > most_token_work || ways > most_token_ways)
      return failure{
          grammar_error{joined({"the grammar is too large for a vocabulary of ",
                                digits_of(static_cast<std::uint64_t>(vocabulary.vocabulary())), " tokens"})}};
  }
  const std::uint32_t cost_of_end = std::ranges::count(is_end, true) > 0 ? 1 : 0;
  std::vector<std::uint32_t> nearest;
  for (const std::uint32_t state : open)
    if (bytes.accepts(state)) distances[state] = cost_of_end, nearest.push_back(state);
  for (std::size_t i = 0; i < nearest.size(); ++i)
    for (const std::uint32_t state : before[nearest[i]])
      if (distances[state] == no_distance) distances[state] = distances[nearest[i]] + 1, nearest.push_back(state);
  if (distances[bytes.start()] == no_distance)
    return failure{grammar_error{"no text of the grammar can be written with the tokens of the vocabulary"}};
  return distances;
}

}  // namespace typeformer::detail
