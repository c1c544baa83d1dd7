// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <initializer_list>

#include <typeformer/foundation/philox.hpp>

namespace typeformer {

/// The purposes for which the data of a training run draw random words. No two purposes share words.
enum class drawn_for : std::uint64_t {
  instances,
  validation_instances,
  order,
  masks,
  masks_of_batch,
  validation_masks
};

/// The random words for some numbers, such as those of a shard and an epoch: a function of seed, purpose and numbers
/// alone.
///
/// Each number is mixed in by a block of Philox, whose words are key and stream of the next.
inline philox random_stream(std::uint64_t seed, drawn_for purpose, std::initializer_list<std::uint64_t> numbers = {}) {
  const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value & 0xFFFF'FFFFu); };
  std::uint64_t stream = 0;
  const auto take_in = [&](std::uint64_t number) {
    const philox::counter_type words =
        philox::block({low(number), low(number >> 32), low(stream), low(stream >> 32)}, {low(seed), low(seed >> 32)});
    seed = std::uint64_t{words[0]} << 32 | words[1];
    stream = std::uint64_t{words[2]} << 32 | words[3];
  };
  take_in(static_cast<std::uint64_t>(purpose));
  for (const std::uint64_t number : numbers) take_in(number);
  return philox{seed, stream};
}

/// True with the given probability. Takes one word.
inline bool happens(double probability, philox& generator) {
  return static_cast<double>(generator()) * 0x1p-32 < probability;
}

}  // namespace typeformer
