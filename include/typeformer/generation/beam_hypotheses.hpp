// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/foundation/math.hpp>
#include <typeformer/generation/beam_search_settings.hpp>

namespace typeformer {

/// A text that a beam search found.
struct beam_hypothesis {
  double score = 0;
  double log_probability = 0;   ///< of the generated tokens, including the end token
  index_type length = 0;        ///< number of generated tokens, including the end token
  std::int32_t end_token = -1;  ///< the token that ended it; -1: none, it reached the longest length
  std::int32_t last_beam = 0;   ///< the beam of its last token before the end token
};

/// The best hypotheses of one prompt so far, in the caller's memory, at most as many as it holds.
///
/// score = log probability / length^penalty (Wu et al. 2016, arXiv:1609.08144, §7, with Hugging Face's penalty).
class beam_hypotheses {
 public:
  constexpr beam_hypotheses() = default;
  constexpr beam_hypotheses(std::span<beam_hypothesis> room, const beam_search_settings& settings, index_type prompt)
      : room_{room},
        penalty_{settings.length_penalty},
        stops_{settings.stops},
        most_{settings.max_tokens},
        counted_prompt_{settings.counts == scored_length::generated_with_end ? 0 : prompt},
        counts_end_{settings.counts == scored_length::generated_with_end} {}

  constexpr std::span<const beam_hypothesis> found() const { return room_.first(count_); }

  /// Adds the hypothesis if there is room or if it is better than the worst one, which it then replaces (of equals the
  /// oldest).
  constexpr void add(beam_hypothesis hypothesis) {
    const bool drops_end = hypothesis.end_token >= 0 && !counts_end_;
    hypothesis.score = score(hypothesis.log_probability, hypothesis.length - drops_end);
    if (count_ < room_.size()) {
      room_[count_++] = hypothesis;
      return;
    }
    const auto worst = std::ranges::min_element(room_, {}, &beam_hypothesis::score);
    if (!(hypothesis.score > worst->score)) return;
    std::copy(worst + 1, room_.end(), worst);
    room_.back() = hypothesis;
  }

  /// Whether the search may end when its most probable beam has log probability `best` and this many generated tokens.
  constexpr bool is_done(double best, index_type length) const {
    if (count_ < room_.size()) return false;
    if (stops_ == beam_search_stops::when_enough_ended) return true;
    // A log probability is negative. With a positive penalty its score is best at the greatest length.
    const bool at_most = stops_ == beam_search_stops::when_better_is_impossible && penalty_ > 0;
    return std::ranges::min_element(room_, {}, &beam_hypothesis::score)->score >= score(best, at_most ? most_ : length);
  }

  /// Sorts by score, best first. Of equal scores the one that was added last comes first.
  constexpr void sort() {
    const std::span<beam_hypothesis> all = room_.first(count_);
    for (std::size_t sorted = 1; sorted < all.size(); ++sorted)
      for (std::size_t at = sorted; at > 0 && all[at].score >= all[at - 1].score; --at) std::swap(all[at], all[at - 1]);
  }

 private:
  constexpr double score(double log_probability, index_type generated) const {
    return log_probability / math::pow(static_cast<double>(counted_prompt_ + generated), penalty_);
  }

  std::span<beam_hypothesis> room_;
  std::size_t count_ = 0;
  double penalty_ = 1;
  beam_search_stops stops_{};
  index_type most_ = 0, counted_prompt_ = 0;
  bool counts_end_ = true;
};

}  // namespace typeformer
