// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/no_token.hpp>
#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/generation/watermark.hpp>

namespace typeformer {

/// Counts the green tokens of a text (Kirchenbauer et al. 2023, arXiv:2301.10226, equation 3).
///
/// Without a watermark, z = (greens - γ T) / √(T γ (1 - γ)) of T tokens is nearly a standard normal number. z > 4, the
/// paper's threshold, has a probability of 3e-5, or 5e-5 by the binomial distribution of 170 tokens. This holds for
/// different pairs of tokens, so a pair is counted once: else a text that repeats itself would repeat the luck of its
/// pairs.
class watermark_detector {
 public:
  /// `seen` is memory for the pairs, two places for each token of a text. Pairs beyond it are not counted.
  constexpr watermark_detector(const watermark& mark, std::span<std::uint64_t> seen) : mark_{mark}, seen_{seen} {
    restart();
  }

  constexpr void restart() {
    std::ranges::fill(seen_, 0u);
    tokens_ = greens_ = 0;
    previous_ = no_token;
  }
  /// The next token of a text. The first one is not counted, because it has none before it.
  constexpr void take(std::int32_t id) {
    if (id < 0) return;
    if (previous_ != no_token && is_new(previous_, id)) {
      ++tokens_;
      greens_ += mark_.is_green(previous_, id);
    }
    previous_ = id;
  }
  constexpr void take(std::span<const std::int32_t> ids) {
    for (const std::int32_t id : ids) take(id);
  }

  /// T, the number of different pairs; and how many of them end in a green token.
  constexpr index_type tokens() const { return tokens_; }
  constexpr index_type greens() const { return greens_; }
  /// 0 if nothing was counted.
  constexpr double z_score() const {
    if (tokens_ == 0) return 0;
    const double fraction = mark_.green_fraction(), count = static_cast<double>(tokens_);
    return (static_cast<double>(greens_) - fraction * count) / math::sqrt(count * fraction * (1 - fraction));
  }

 private:
  /// Open addressing; 0 is an empty place.
  constexpr bool is_new(std::int32_t previous, std::int32_t id) {
    const auto pair = (static_cast<std::uint64_t>(previous) << 32 | static_cast<std::uint64_t>(id)) + 1;
    const std::size_t size = seen_.size();
    for (std::size_t step = 0, place = size == 0 ? 0 : static_cast<std::size_t>(pair * 0x9E37'79B9'7F4A'7C15u % size);
         step < size; ++step, place = place + 1 == size ? 0 : place + 1) {
      if (seen_[place] == pair) return false;
      if (seen_[place] == 0) return seen_[place] = pair, true;
    }
    return false;
  }

  watermark mark_;
  std::span<std::uint64_t> seen_;
  index_type tokens_ = 0, greens_ = 0;
  std::int32_t previous_ = no_token;
};

}  // namespace typeformer
