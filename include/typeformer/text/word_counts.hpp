// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <typeformer/text/white_space.hpp>

namespace typeformer {

/// How often each word occurs in the texts that were added.
///
/// Nothing is thrown; if memory runs out the program ends.
class word_counts {
 public:
  struct counted_word {
    std::string_view word;
    std::uint64_t count;
  };

  /// Counts the words of a text, which are separated by white space. Cost: one look-up per word.
  void add(std::string_view text) noexcept {
    for_each_word(text, [this](std::string_view word) { add(word, 1); });
  }
  void add(std::string_view word, std::uint64_t count) noexcept {
    const auto found = counts_.find(word);
    if (found != counts_.end()) found->second += count;
    else counts_.emplace(word, count);
  }

  std::size_t size() const noexcept { return counts_.size(); }

  /// The words in ascending order of their bytes, as views that are valid until a word is added.
  std::vector<counted_word> sorted() const noexcept {
    std::vector<counted_word> words;
    words.reserve(counts_.size());
    for (const auto& [word, count] : counts_) words.push_back({word, count});
    std::ranges::sort(words, {}, &counted_word::word);
    return words;
  }

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view word) const { return std::hash<std::string_view>{}(word); }
  };
  std::unordered_map<std::string, std::uint64_t, hash, std::equal_to<>> counts_;
};

}  // namespace typeformer
