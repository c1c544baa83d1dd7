// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstdint>

namespace typeformer {

/// Counter-based random bits: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011), §3.3. The same bits on every platform; a `std::uniform_random_bit_generator`.
///
/// A seed has 2^64 independent streams of 2^66 words each. Seeds below 2^32 in stream 0 give the sequence of C++26's
/// `std::philox4x32`.
class philox {
 public:
  using result_type = std::uint32_t;
  using counter_type = std::array<std::uint32_t, 4>;
  using key_type = std::array<std::uint32_t, 2>;

  constexpr explicit philox(std::uint64_t seed, std::uint64_t stream = 0)
      : key_{low(seed), high(seed)}, stream_{stream} {}

  static constexpr result_type(min)() { return 0; }
  static constexpr result_type(max)() { return 0xFFFF'FFFFu; }

  constexpr result_type operator()() {
    if (used_ == words_.size()) {
      words_ = block({low(next_block_), high(next_block_), low(stream_), high(stream_)}, key_);
      ++next_block_;
      used_ = 0;
    }
    return words_[used_++];
  }

  /// Skips `count` words in constant time.
  constexpr void discard(std::uint64_t count) {
    for (; count > 0 && used_ < words_.size(); --count) ++used_;
    next_block_ += count / words_.size();
    for (count %= words_.size(); count > 0; --count) (*this)();
  }

  /// The bijection itself: ten rounds on one counter. Any block can be computed without the blocks before it.
  static constexpr counter_type block(counter_type counter, key_type key) {
    constexpr int rounds = 10;
    constexpr std::uint64_t multiplier_0 = 0xD251'1F53, multiplier_1 = 0xCD9E'8D57;
    constexpr std::uint32_t golden_ratio = 0x9E37'79B9, root_of_three_minus_one = 0xBB67'AE85;
    for (int round = 0; round < rounds; ++round) {
      const std::uint64_t product_0 = multiplier_0 * counter[0], product_1 = multiplier_1 * counter[2];
      counter = {high(product_1) ^ counter[1] ^ key[0], low(product_1), high(product_0) ^ counter[3] ^ key[1],
                 low(product_0)};
      key[0] += golden_ratio;
      key[1] += root_of_three_minus_one;
    }
    return counter;
  }

  friend constexpr bool operator==(const philox&, const philox&) = default;

 private:
  static constexpr std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value & 0xFFFF'FFFFu); }
  static constexpr std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

  key_type key_;
  std::uint64_t stream_;
  std::uint64_t next_block_ = 0;
  counter_type words_{};
  std::uint32_t used_ = 4;
};

}  // namespace typeformer
