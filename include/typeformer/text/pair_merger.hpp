// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include <typeformer/text/merge_table.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

/// Byte-pair encoding of one word (Sennrich et al. 2016, arXiv:1508.07909): the adjacent pair of the lowest rank, the
/// leftmost of equals, is merged until none is left.
///
/// `find(left, right)` is the `merge_table::merge` of two pieces, whose rank may be `no_rank`. Cost: few pieces are
/// searched again for each merge; many, n log n. `merge_in_blocks` is for long words.
template <class Find> class pair_merger {
 public:
  explicit pair_merger(Find find) : find_{std::move(find)} {}

  void merge(std::vector<word_piece>& pieces, std::size_t begin) {
    constexpr std::size_t few = 48;
    if (pieces.size() - begin <= few) merge_few(pieces, begin);
    else merge_many(pieces, begin);
  }

 private:
  using rank_type = std::uint32_t;
  static constexpr rank_type no_rank = merge_table::no_rank;
  static constexpr std::uint32_t no_place = 0xFFFF'FFFF;
  static constexpr std::int32_t merged_away = -2;  // -1 is a piece that is not in the vocabulary

  void merge_few(std::vector<word_piece>& pieces, std::size_t begin) {
    merge_table::merge merges[64];
    word_piece* const word = pieces.data() + begin;
    std::size_t size = pieces.size() - begin;
    for (std::size_t i = 0; i + 1 < size; ++i) merges[i] = find_(word[i], word[i + 1]);
    while (size > 1) {
      std::size_t best = 0;
      for (std::size_t i = 1; i + 1 < size; ++i)
        if (merges[i].rank < merges[best].rank) best = i;
      if (merges[best].rank == no_rank) break;
      word[best] = {merges[best].id, word[best].begin, word[best + 1].end};
      for (std::size_t i = best + 1; i + 1 < size; ++i) word[i] = word[i + 1], merges[i - 1] = merges[i];
      --size;
      if (best > 0) merges[best - 1] = find_(word[best - 1], word[best]);
      if (best + 1 < size) merges[best] = find_(word[best], word[best + 1]);
    }
    pieces.resize(begin + size);
  }

  struct linked_piece {
    std::uint32_t previous, next;
    merge_table::merge with_next;
  };

  /// Pairs as rank and place of the left piece, the lowest first: those of the word, and those that arise. What arises
  /// in order, as it does in a run of one letter, needs no heap.
  class pair_queue {
   public:
    explicit pair_queue(std::size_t size) { first_.pairs.reserve(size); }
    static std::uint64_t pair(rank_type rank, std::uint32_t place) { return std::uint64_t{rank} << 32 | place; }
    void add_first(std::uint64_t pair) { first_.pairs.push_back(pair); }
    void sort() { std::sort(first_.pairs.begin(), first_.pairs.end()); }
    void push(std::uint64_t pair) {
      if (in_order_.empty()) in_order_.pairs.clear(), in_order_.next = 0;
      if (in_order_.pairs.empty() || in_order_.pairs.back() <= pair) in_order_.pairs.push_back(pair);
      else others_.push(pair);
    }
    /// Or `none`.
    std::uint64_t pop() {
      sorted_pairs& sorted = first_.lowest() <= in_order_.lowest() ? first_ : in_order_;
      if (others_.empty() || sorted.lowest() <= others_.top())
        return sorted.empty() ? none : sorted.pairs[sorted.next++];
      const std::uint64_t lowest = others_.top();
      others_.pop();
      return lowest;
    }
    static constexpr std::uint64_t none = ~std::uint64_t{0};

   private:
    struct sorted_pairs {
      std::vector<std::uint64_t> pairs;
      std::size_t next = 0;
      bool empty() const { return next == pairs.size(); }
      std::uint64_t lowest() const { return empty() ? none : pairs[next]; }
    };
    sorted_pairs first_, in_order_;
    std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> others_;
  };

  void merge_many(std::vector<word_piece>& pieces, std::size_t begin) {
    word_piece* const word = pieces.data() + begin;
    const auto size = static_cast<std::uint32_t>(pieces.size() - begin);
    std::vector<linked_piece> links(size);
    pair_queue pairs{size};
    for (std::uint32_t i = 0; i < size; ++i) {
      links[i] = {i == 0 ? no_place : i - 1, i + 1 == size ? no_place : i + 1, {}};
      if (i + 1 < size) links[i].with_next = find_(word[i], word[i + 1]);
      if (links[i].with_next.rank != no_rank) pairs.add_first(pair_queue::pair(links[i].with_next.rank, i));
    }
    pairs.sort();
    const auto propose = [&](std::uint32_t left) {
      if (left == no_place) return;
      linked_piece& link = links[left];
      link.with_next = link.next == no_place ? merge_table::merge{} : find_(word[left], word[link.next]);
      if (link.with_next.rank != no_rank) pairs.push(pair_queue::pair(link.with_next.rank, left));
    };
    for (std::uint64_t lowest = pairs.pop(); lowest != pair_queue::none; lowest = pairs.pop()) {
      const auto left = static_cast<std::uint32_t>(lowest);
      linked_piece& link = links[left];
      if (link.with_next.rank != lowest >> 32) continue;  // the pair was changed meanwhile
      const std::uint32_t right = link.next;
      word[left] = {link.with_next.id, word[left].begin, word[right].end};
      word[right].id = merged_away;
      links[right].with_next = {};
      link.next = links[right].next;
      if (link.next != no_place) links[link.next].previous = left;
      propose(link.previous);
      propose(left);
    }
    pieces.erase(std::remove_if(pieces.begin() + static_cast<std::ptrdiff_t>(begin), pieces.end(),
                                [](const word_piece& each) { return each.id == merged_away; }),
                 pieces.end());
  }

  Find find_;
};

}  // namespace typeformer
