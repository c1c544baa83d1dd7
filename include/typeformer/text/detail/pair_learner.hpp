// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace typeformer::detail {

/// Words as rows of pieces. The most frequent pair of neighbors becomes a piece, repeatedly.
class pair_learner {
 public:
  /// `prefix` begins the pieces that are not the first of a word; pairs that occur less than `least` times are left.
  explicit pair_learner(std::size_t size, std::string_view prefix, std::uint64_t least = 1)
      : size_(size), prefix_(prefix), least_((std::max)(least, std::uint64_t{1})) {}

  std::size_t pieces() const { return pieces_.size(); }
  std::int32_t piece(const std::string& spelling) {
    const auto [entry, is_new] = ids_.try_emplace(spelling, static_cast<std::int32_t>(pieces_.size()));
    if (is_new) pieces_.push_back(spelling);
    return entry->second;
  }
  void add(std::vector<std::int32_t> word, std::uint64_t count) {
    for (std::size_t i = 0; i + 1 < word.size(); ++i) note(word[i], word[i + 1], count);
    words_.push_back({std::move(word), count});
  }
  /// Calls `report(pieces)` after each merge.
  template <class Report> void merge_pairs(Report&& report) {
    offer_noted();
    while (pieces_.size() < size_ && !candidates_.empty()) {
      const auto [count, pair] = candidates_.top();
      candidates_.pop();
      auto& use = uses_[pair];
      if (use.count == count) merge(pair), report(pieces_.size());
      else if (use.count < count) offer(pair);  // if it is more, the pair was offered again
    }
  }
  void merge_pairs() {
    merge_pairs([](std::size_t) {});
  }

  const std::vector<std::string>& spellings() const { return pieces_; }
  /// The ids of the pieces that were merged, in order.
  const std::vector<std::pair<std::int32_t, std::int32_t>>& merges() const { return merges_; }
  /// The pieces in the form of `vocab.txt`.
  std::string saved() const {
    std::string text;
    for (const std::string& piece : pieces_) (text += piece) += '\n';
    return text;
  }

 private:
  using pair_key = std::uint64_t;  ///< the two ids, left and right
  struct learned_word {
    std::vector<std::int32_t> pieces;
    std::uint64_t count;
  };
  struct pair_use {
    std::uint64_t count = 0;
    std::vector<std::size_t> words;  ///< contains all words with the pair
  };
  struct candidate {
    std::uint64_t count;
    pair_key pair;
    friend bool operator<(const candidate& a, const candidate& b) {
      return a.count < b.count || (a.count == b.count && a.pair > b.pair);
    }
  };

  static pair_key key_of(std::int32_t left, std::int32_t right) {
    return static_cast<pair_key>(left) << 32 | static_cast<pair_key>(right);
  }

  /// Counts a pair of the word with number `at_word`; by default the next one.
  void note(std::int32_t left, std::int32_t right, std::uint64_t count) { note(left, right, count, words_.size()); }
  void note(std::int32_t left, std::int32_t right, std::uint64_t count, std::size_t at_word) {
    auto& use = uses_[key_of(left, right)];
    use.count += count;
    use.words.push_back(at_word);
    noted_.push_back(key_of(left, right));
  }
  void offer(pair_key pair) {
    if (const std::uint64_t count = uses_[pair].count; count >= least_) candidates_.push({count, pair});
  }
  void offer_noted() {
    std::ranges::sort(noted_);
    noted_.erase(std::unique(noted_.begin(), noted_.end()), noted_.end());
    for (const pair_key pair : noted_) offer(pair);
    noted_.clear();
  }

  void merge(pair_key pair) {
    const auto left = static_cast<std::int32_t>(pair >> 32), right = static_cast<std::int32_t>(pair & 0xFFFF'FFFFu);
    const std::string_view begin = pieces_[static_cast<std::size_t>(left)],
                           end = pieces_[static_cast<std::size_t>(right)];
    const std::int32_t merged = piece(std::string(begin) + std::string(end.substr(prefix_.size())));
    merges_.emplace_back(left, right);
    const auto words = std::exchange(uses_[pair], {}).words;
    const auto forget = [&](pair_key other, std::uint64_t count) {
      if (other != pair) uses_[other].count -= count;
    };
    for (const std::size_t number : words) {
      auto& [row, count] = words_[number];
      std::size_t size = 0;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] != left || i + 1 == row.size() || row[i + 1] != right) {
          row[size++] = row[i];
          continue;
        }
        if (size > 0) {
          forget(key_of(row[size - 1], left), count);
          note(row[size - 1], merged, count, number);
        }
        if (i + 2 < row.size()) {
          forget(key_of(right, row[i + 2]), count);
          note(merged, row[i + 2], count, number);
        }
        row[size++] = merged;
        ++i;
      }
      row.resize(size);
    }
    offer_noted();
  }

  std::size_t size_;
  std::string prefix_;
  std::uint64_t least_;
  std::vector<std::pair<std::int32_t, std::int32_t>> merges_;
  std::vector<std::string> pieces_;
  std::unordered_map<std::string, std::int32_t> ids_;
  std::vector<learned_word> words_;
  std::unordered_map<pair_key, pair_use> uses_;
  std::priority_queue<candidate> candidates_;
  std::vector<pair_key> noted_;
};

}  // namespace typeformer::detail
