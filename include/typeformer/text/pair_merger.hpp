// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

#include <typeformer/text/merge_table.hpp>
#include <typeformer/text/word_piece.hpp>

namespace typeformer {

/// Byte-pair encoding of one word (Sennrich et al. 2016, arXiv:1508.07909): the adjacent pair of the lowest rank, the
/// leftmost of equals, is merged until none is left.
///
/// `find(left, right)` is the `merge_table::merge` of two pieces, whose rank may be `no_rank`. Cost: few pieces are
/// searched again for each merge. Of many, the places of each rank are kept together, and a rank is merged from left to
/// right, which is near to linear.
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

  /// The places of the left pieces of pairs of one rank. The least one comes first.
  class place_queue {
   public:
    bool empty() const { return next_ == in_order_.size() && late_.empty(); }
    void push(std::uint32_t place) {
      if (next_ == in_order_.size()) in_order_.clear(), next_ = 0;
      if (in_order_.empty() || in_order_.back() <= place) in_order_.push_back(place);
      else late_.push(place);
    }
    std::uint32_t pop() {
      if (late_.empty() || (next_ < in_order_.size() && in_order_[next_] <= late_.top())) return in_order_[next_++];
      const std::uint32_t place = late_.top();
      late_.pop();
      return place;
    }

   private:
    std::vector<std::uint32_t> in_order_;
    std::size_t next_ = 0;
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> late_;
  };
  struct linked_piece {
    std::uint32_t previous, next;
    merge_table::merge with_next;
  };

  void merge_many(std::vector<word_piece>& pieces, std::size_t begin) {
    word_piece* const word = pieces.data() + begin;
    const auto size = static_cast<std::uint32_t>(pieces.size() - begin);
    std::vector<linked_piece> links(size);
    std::unordered_map<rank_type, std::size_t> numbers;  // of queues, by rank
    std::vector<place_queue> queues;
    std::priority_queue<rank_type, std::vector<rank_type>, std::greater<>> ranks;  // of queues that are not empty
    rank_type current = no_rank;
    const auto propose = [&](std::uint32_t left) {
      if (left == no_place) return;
      linked_piece& link = links[left];
      link.with_next = link.next == no_place ? merge_table::merge{} : find_(word[left], word[link.next]);
      const rank_type rank = link.with_next.rank;
      if (rank == no_rank) return;
      const auto [entry, is_new] = numbers.try_emplace(rank, queues.size());
      if (is_new) queues.emplace_back();
      place_queue& queue = queues[entry->second];
      if (queue.empty() && rank != current) ranks.push(rank);
      queue.push(left);
    };
    for (std::uint32_t i = 0; i < size; ++i)
      links[i] = {i == 0 ? no_place : i - 1, i + 1 == size ? no_place : i + 1, {}};
    for (std::uint32_t i = 0; i < size; ++i) propose(i);
    while (!ranks.empty()) {
      current = ranks.top();
      ranks.pop();
      const std::size_t number = numbers.find(current)->second;
      while (!queues[number].empty() && (ranks.empty() || current < ranks.top())) {
        const std::uint32_t left = queues[number].pop();
        linked_piece& link = links[left];
        if (link.with_next.rank != current) continue;  // the pair was changed meanwhile
        const std::uint32_t right = link.next;
        word[left] = {link.with_next.id, word[left].begin, word[right].end};
        word[right].id = merged_away;
        links[right].with_next = {};
        link.next = links[right].next;
        if (link.next != no_place) links[link.next].previous = left;
        propose(link.previous);
        propose(left);
      }
      if (!queues[number].empty()) ranks.push(current);
      current = no_rank;
    }
    pieces.erase(std::remove_if(pieces.begin() + static_cast<std::ptrdiff_t>(begin), pieces.end(),
                                [](const word_piece& each) { return each.id == merged_away; }),
                 pieces.end());
  }

  Find find_;
};

}  // namespace typeformer
