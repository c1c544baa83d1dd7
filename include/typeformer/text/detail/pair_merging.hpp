// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/detail/llama2c_file.hpp>

namespace typeformer::detail {

inline constexpr std::size_t no_symbol = static_cast<std::size_t>(-1);

/// A stretch of the text that is one piece, or bytes (`none`); merged into its left neighbor it is empty.
struct text_symbol {
  std::size_t begin, length;
  std::int32_t id;
  std::size_t previous, next;
};
struct pair_merge {
  float score;
  std::size_t left, length;
  std::int32_t id;

  friend bool operator<(const pair_merge& a, const pair_merge& b) {
    return a.score < b.score || (a.score == b.score && a.left > b.left);
  }
};

/// One symbol for the leading space and one a code point: a byte with the continuation bytes after it, four at most.
inline std::vector<text_symbol> symbols_of(std::string_view text, const llama2c_pieces& pieces) {
  constexpr std::size_t longest_code_point = 4;
  const auto continues = [&](std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0u) == 0x80u;
  };
  std::vector<text_symbol> symbols;
  for (std::size_t begin = 0, end = 0; begin < text.size(); begin = end) {
    ++end;
    while (begin > 0 && end - begin < longest_code_point && continues(end)) ++end;
    const std::size_t number = symbols.size();
    symbols.push_back({begin, end - begin, pieces.find(text.substr(begin, end - begin)),
                       number == 0 ? no_symbol : number - 1, end == text.size() ? no_symbol : number + 1});
  }
  return symbols;
}

/// Appends the ids of a text, with a space before it: the adjacent pair whose union is the piece with the best score, the
/// leftmost of equals, is merged until none is left.
inline void merge_pairs(std::string_view text, const llama2c_pieces& pieces, std::vector<std::int32_t>& ids) {
  std::string spaced(1, ' ');
  spaced += text;
  std::vector<text_symbol> symbols = symbols_of(spaced, pieces);
  std::priority_queue<pair_merge> merges;
  const auto propose = [&](std::size_t left) {
    if (left == no_symbol || symbols[left].next == no_symbol) return;
    const text_symbol &first = symbols[left], &second = symbols[first.next];
    const std::size_t length = first.length + second.length;
    if (first.id == llama2c_pieces::none || second.id == llama2c_pieces::none || length > pieces.longest) return;
    const std::int32_t id = pieces.find(std::string_view{spaced}.substr(first.begin, length));
    if (id != llama2c_pieces::none) merges.push({pieces.scores[static_cast<std::size_t>(id)], left, length, id});
  };
  for (std::size_t left = 0; left < symbols.size(); ++left) propose(left);
  while (!merges.empty()) {
    const pair_merge best = merges.top();
    merges.pop();
    text_symbol& first = symbols[best.left];
    // A neighbor that has grown meanwhile makes the pair longer, and one that is gone is empty.
    if (first.length == 0 || first.next == no_symbol || first.length + symbols[first.next].length != best.length)
      continue;
    text_symbol& second = symbols[first.next];
    first.length = best.length;
    first.id = best.id;
    first.next = second.next;
    second.length = 0;
    if (first.next != no_symbol) symbols[first.next].previous = best.left;
    propose(first.previous);
    propose(best.left);
  }
  for (const text_symbol& each : symbols) {
    if (each.id != llama2c_pieces::none) {
      if (each.length > 0) ids.push_back(each.id);
    } else {
      for (const char byte : std::string_view{spaced}.substr(each.begin, each.length))
        ids.push_back(llama2c_pieces::first_byte + static_cast<unsigned char>(byte));
    }
  }
}

}  // namespace typeformer::detail
