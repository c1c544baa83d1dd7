// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <limits>
#include <span>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/is_finite.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/foundation/uniform_below.hpp>
#include <typeformer/hosted/data/span_corruption_error.hpp>

namespace typeformer {

namespace detail {

/// Precondition: 0 <= value < 2^53.
constexpr std::int64_t round_half_to_even(double value) {
  const auto down = static_cast<std::int64_t>(value);
  const double rest = value - static_cast<double>(down);
  return down + (rest > 0.5 || (rest == 0.5 && down % 2 != 0) ? 1 : 0);
}

/// The lengths, in sequence, of `segments` nonempty segments of `items` items. Every division is equally likely.
///
/// Between the items, segments - 1 of items - 1 places are chosen by selection sampling (Fan, Muller, Rezucha 1962): a
/// place is taken with the probability (places wanted) / (places left), so that nothing has to be stored.
class random_segmentation {
 public:
  constexpr random_segmentation(index_type items, index_type segments) : places_{items - 1}, wanted_{segments - 1} {}

  constexpr index_type next(philox& generator) {
    index_type length = 1;
    for (; places_ > 0; ++length) {
      const bool ends =
          uniform_below(static_cast<std::uint32_t>(places_), generator) < static_cast<std::uint32_t>(wanted_);
      --places_;
      if (!ends) continue;
      --wanted_;
      break;
    }
    return length;
  }

 private:
  index_type places_, wanted_;
};

}  // namespace detail

/// The number of noise tokens of a text, and of their spans.
struct noise_counts {
  index_type tokens, spans;
  friend constexpr bool operator==(noise_counts, noise_counts) = default;
};

/// Lengths of a text before its corruption and of the targets after it.
struct corruption_lengths {
  index_type tokens, targets;
  friend constexpr bool operator==(corruption_lengths, corruption_lengths) = default;
};

/// Which tokens of a text are noise: random spans of a given mean length (Raffel et al. 2020, arXiv:1910.10683, §3.1.4,
/// §3.3.4). The defaults are those of T5's training.
///
/// Numbers are rounded half to even: those of a mask in single precision and those of `lengths_for` in double, as in
/// T5's published code. Lengths are below 2^31.
class noise_spans {
 public:
  constexpr noise_spans() = default;
  /// Errors: a density outside [0, 1), a mean length that is less than 1 or not finite.
  static constexpr result<noise_spans, span_corruption_error> of(double density, double mean_length) {
    if (!(is_finite(density) && density >= 0 && density < 1))
      return failure{span_corruption_error::problem::noise_density_is_outside_of_zero_to_one};
    if (!(mean_length >= 1 && is_finite(mean_length)))
      return failure{span_corruption_error::problem::mean_span_length_is_less_than_one};
    noise_spans chosen;
    chosen.density_ = density;
    chosen.mean_length_ = mean_length;
    return chosen;
  }

  constexpr double density() const { return density_; }
  constexpr double mean_length() const { return mean_length_; }

  /// Tokens = round(length density), but at least one and not all. Spans = round(tokens / mean length), but at least
  /// one; each has a noise token and, before it, a token that is not noise. None in a text of fewer than two tokens, or
  /// without density.
  constexpr noise_counts counts(index_type length) const {
    if (length < 2 || density_ == 0) return {0, 0};
    const auto rounded = [](float x) {
      return static_cast<index_type>(detail::round_half_to_even(static_cast<double>(x)));
    };
    const float density = static_cast<float>(density_), mean_length = static_cast<float>(mean_length_);
    const index_type tokens = clamped(rounded(static_cast<float>(length) * density), 1, length - 1),
                     others = length - tokens;
    const index_type spans = rounded(static_cast<float>(tokens) / mean_length);
    return {tokens, clamped(spans, 1, tokens < others ? tokens : others)};
  }

  /// Marks the noise of a text with 1 and everything else with 0. Spans of both kinds alternate; the first is not
  /// noise, the last is. Every mask with these counts is equally likely.
  ///
  /// noise [length]. Cost: one random word per token. The generator's next words decide everything.
  constexpr void draw(std::span<std::uint8_t> noise, philox& generator) const {
    const index_type length = static_cast<index_type>(noise.size());
    const noise_counts counts = this->counts(length);
    for (std::uint8_t& flag : noise) flag = 0;
    if (counts.spans == 0) return;
    detail::random_segmentation kept{length - counts.tokens, counts.spans}, dropped{counts.tokens, counts.spans};
    index_type at = 0;
    for (index_type span = 0; span < counts.spans; ++span) {
      at += kept.next(generator);
      for (const index_type end = at + dropped.next(generator); at < end; ++at) noise[static_cast<std::size_t>(at)] = 1;
    }
  }

  /// The greatest length of a text whose corrupted inputs, with one sentinel per span and a token at their end, have at
  /// most `inputs` tokens, and the length of its targets, with the same additions.
  ///
  /// As in T5's own computation, with its two peculiarities. No span is counted if the noise is shorter than half a
  /// mean length; `draw` makes one nevertheless, so that inputs and targets are one token longer. At density 1/2 the
  /// text is one token shorter if that makes the targets as short as the inputs.
  constexpr corruption_lengths lengths_for(index_type inputs) const {
    if (inputs < 1) inputs = 1;
    // The inputs never get shorter if the text gets longer.
    index_type tokens = inputs - 1, too_many = (std::numeric_limits<std::int32_t>::max)();
    while (too_many - tokens > 1) {
      const index_type middle = tokens + (too_many - tokens) / 2;
      (inputs_of(middle) <= inputs ? tokens : too_many) = middle;
    }
    const index_type targets = targets_of(tokens);
    if (density_ == 0.5 && targets > inputs_of(tokens)) return {tokens - 1, targets - 1};
    return {tokens, targets};
  }

 private:
  static constexpr index_type clamped(index_type value, index_type least, index_type most) {
    return value < least ? least : value > most ? most : value;
  }
  constexpr index_type rounded_tokens(index_type length) const {
    return static_cast<index_type>(detail::round_half_to_even(static_cast<double>(length) * density_));
  }
  constexpr index_type rounded_spans(index_type noise) const {
    return static_cast<index_type>(detail::round_half_to_even(static_cast<double>(noise) / mean_length_));
  }
  constexpr index_type inputs_of(index_type tokens) const {
    const index_type noise = rounded_tokens(tokens);
    return tokens - noise + rounded_spans(noise) + 1;
  }
  constexpr index_type targets_of(index_type tokens) const {
    const index_type noise = rounded_tokens(tokens);
    return noise + rounded_spans(noise) + 1;
  }

  double density_ = 0.15, mean_length_ = 3;
};

}  // namespace typeformer
