// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <bit>
#include <cstdint>

#include <typeformer/foundation/philox.hpp>

namespace typeformer {

/// A permutation of the numbers 0 to size - 1. Each element is computed alone: it needs no table, and training can
/// continue at any place.
///
/// A Feistel network with Philox as its round function on the least power of two that holds `size`. Results beyond
/// `size` go through it again (cycle walking: Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002,
/// §3). Another seed or epoch is another order. The words are not those of `philox{seed, stream}` (its first 2^65
/// words). Precondition: size <= 2^63, else it traps. Cost of an element: `rounds` blocks of Philox, fewer than twice
/// on average.
class seeded_permutation {
 public:
  static constexpr std::uint32_t rounds = 24;  // with 16, the orders of six numbers are not equally likely

  constexpr seeded_permutation(std::uint64_t size, std::uint64_t seed, std::uint64_t epoch = 0)
      : size_{size}, seed_{seed}, epoch_{epoch} {
    if (size > std::uint64_t{1} << 63) __builtin_trap();
    const int bits = size < 2 ? 0 : static_cast<int>(std::bit_width(size - 1));
    low_bits_ = (bits + 1) / 2;
    high_bits_ = bits - low_bits_;
  }

  constexpr std::uint64_t size() const { return size_; }

  /// The number at a place. Precondition: place < size(), else it traps.
  constexpr std::uint64_t operator()(std::uint64_t place) const {
    if (place >= size_) __builtin_trap();
    do place = permuted(place);
    while (place >= size_);
    return place;
  }

 private:
  constexpr std::uint64_t permuted(std::uint64_t number) const {
    std::uint64_t low = number & mask(low_bits_), high = number >> low_bits_;
    for (std::uint32_t round = 0; round < rounds; round += 2) {
      high ^= word(low, round) & mask(high_bits_);
      low ^= word(high, round + 1) & mask(low_bits_);
    }
    return high << low_bits_ | low;
  }

  /// Precondition: half < 2^32.
  constexpr std::uint64_t word(std::uint64_t half, std::uint32_t round) const {
    constexpr std::uint32_t beyond_streams = 0x8000'0000;
    return philox::block({first_word(half), beyond_streams + round, first_word(epoch_), first_word(epoch_ >> 32)},
                         {first_word(seed_), first_word(seed_ >> 32)})[0];
  }
  static constexpr std::uint64_t mask(int bits) { return (std::uint64_t{1} << bits) - 1; }
  static constexpr std::uint32_t first_word(std::uint64_t value) {
    return static_cast<std::uint32_t>(value & 0xFFFF'FFFFu);
  }

  std::uint64_t size_, seed_, epoch_;
  int low_bits_ = 0, high_bits_ = 0;
};

}  // namespace typeformer
