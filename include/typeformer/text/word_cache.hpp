// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <typeformer/text/word_piece.hpp>

namespace typeformer {

/// The pieces of words that were encoded before. When it is full it is emptied, so its memory is bounded: about 4 MiB.
class word_cache {
 public:
  static constexpr std::size_t longest_word = 48;

  /// Where the pieces of a word are; null if they are not known. Valid until the next `add`.
  struct found {
    const word_piece* pieces;
    std::size_t count;
  };
  static std::uint64_t hash_of(std::string_view word) {
    constexpr std::uint64_t factor = 0x9E37'79B9'7F4A'7C15u;
    std::uint64_t hash = word.size() * factor;
    while (word.size() >= 8) hash = mixed(hash, word_of(word.data(), 8)), word.remove_prefix(8);
    return word.empty() ? hash : mixed(hash, word_of(word.data(), word.size()));
  }
  found find(std::string_view word, std::uint64_t hash) const {
    if (slots_.empty()) return {nullptr, 0};
    for (std::size_t at = hash & mask; slots_[at].size != 0; at = (at + 1) & mask) {
      const slot& each = slots_[at];
      if (each.hash == static_cast<std::uint32_t>(hash >> 32) && each.size == word.size() &&
          std::memcmp(texts_.data() + each.text, word.data(), word.size()) == 0)
        return {pieces_.data() + each.pieces, each.count};
    }
    return {nullptr, 0};
  }
  /// Precondition: the word is not known, not empty and at most `longest_word` bytes.
  void add(std::string_view word, std::uint64_t hash, std::span<const word_piece> pieces) {
    if (slots_.empty() || used_ == most_words || pieces_.size() + pieces.size() > most_pieces) clear();
    std::size_t at = hash & mask;
    while (slots_[at].size != 0) at = (at + 1) & mask;
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32), static_cast<std::uint32_t>(texts_.size()),
                  static_cast<std::uint32_t>(pieces_.size()), static_cast<std::uint16_t>(pieces.size()),
                  static_cast<std::uint16_t>(word.size())};
    texts_ += word;
    pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
    ++used_;
  }

 private:
  static constexpr std::size_t slot_count = std::size_t{1} << 16, mask = slot_count - 1, most_words = slot_count / 2,
                               most_pieces = std::size_t{1} << 17;
  struct slot {
    std::uint32_t hash, text, pieces;
    std::uint16_t count, size;  ///< size 0: free
  };

  static std::uint64_t word_of(const char* bytes, std::size_t size) {
    std::uint64_t word = 0;
    if (size == 8) std::memcpy(&word, bytes, 8);
    else
      for (std::size_t i = 0; i < size; ++i) word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return word;
  }
  static std::uint64_t mixed(std::uint64_t hash, std::uint64_t word) {
    hash = (hash ^ word) * 0xD6E8'FEB8'6659'FD93u;
    return hash ^ hash >> 32;
  }
  void clear() {
    slots_.assign(slot_count, {});
    texts_.clear();
    pieces_.clear();
    used_ = 0;
  }

  std::vector<slot> slots_;
  std::string texts_;
  std::vector<word_piece> pieces_;
  std::size_t used_ = 0;
};

}  // namespace typeformer
