// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/hosted/data/noise_spans.hpp>

namespace typeformer {

/// Ids that represent spans of a text: `first`, then `first` - 1 and so on.
///
/// T5 uses the end of its vocabulary: {vocabulary - 1, 100}.
struct sentinel_ids {
  std::int32_t first;
  index_type count;
};

/// The replacement of the tokens that are taken out of a text.
enum class span_replacement {
  nothing,
  sentinel_for_each_token,  ///< always the first sentinel
  sentinel_for_each_span,   ///< always the first sentinel
  next_sentinel,            ///< for each span the sentinel after that of the previous one
};

/// Which tokens are taken out: the noise, or everything else.
enum class taken_out { noise, all_but_noise };

/// Copies a text without its noise, or without everything else, and puts sentinels in the gaps.
///
/// noise [tokens], 0 if a token is not noise. Returns the part of `out` that is written, at most [tokens]. Errors:
/// noise of another length than the tokens, room for fewer tokens in `out`, fewer sentinels than needed, not counting
/// those below 0.
template <span_replacement Replacement, taken_out Taken>
constexpr result<std::span<std::int32_t>, span_corruption_error> replace_spans(std::span<const std::int32_t> tokens,
                                                                               std::span<const std::uint8_t> noise,
                                                                               sentinel_ids sentinels,
                                                                               std::span<std::int32_t> out) {
  using enum span_replacement;
  if (noise.size() != tokens.size())
    return failure{span_corruption_error::problem::noise_has_another_length_than_the_tokens};
  if (out.size() < tokens.size()) return failure{span_corruption_error::problem::no_room_for_the_result};
  std::size_t size = 0;
  index_type used = 0;
  bool inside = false;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool taken = (noise[i] != 0) == (Taken == taken_out::noise), begins = taken && !inside;
    inside = taken;
    if (!taken) {
      out[size++] = tokens[i];
    } else if (Replacement == sentinel_for_each_token || (begins && Replacement != nothing)) {
      if (used >= sentinels.count || used > index_type(sentinels.first))
        return failure{span_corruption_error::problem::more_spans_than_sentinels};
      out[size++] = sentinels.first - static_cast<std::int32_t>(used);
      if (Replacement == next_sentinel) ++used;
    }
  }
  return out.first(size);
}

/// A corrupted text and its targets.
struct corrupted_text {
  std::span<std::int32_t> inputs, targets;
};

/// T5's task (Raffel et al. 2020, arXiv:1910.10683, §3.1.4, figure 2): in the inputs a sentinel replaces each span of
/// noise; the targets are these spans, each after its sentinel.
///
/// noise [tokens], as from `noise_spans::draw`; inputs, targets: [tokens] each. The targets of a text that ends with
/// noise have no closing sentinel. The caller appends the token that ends a sequence. The first token must not be
/// noise: otherwise the sentinels of inputs and targets would belong to different spans, as in T5's code. Errors: those
/// of `replace_spans`.
constexpr result<corrupted_text, span_corruption_error> corrupt_spans(std::span<const std::int32_t> tokens,
                                                                      std::span<const std::uint8_t> noise,
                                                                      sentinel_ids sentinels,
                                                                      std::span<std::int32_t> inputs,
                                                                      std::span<std::int32_t> targets) {
  using enum span_replacement;
  const auto corrupted = replace_spans<next_sentinel, taken_out::noise>(tokens, noise, sentinels, inputs);
  if (!corrupted) return failure{corrupted.error()};
  const auto taken = replace_spans<next_sentinel, taken_out::all_but_noise>(tokens, noise, sentinels, targets);
  if (!taken) return failure{taken.error()};
  return corrupted_text{*corrupted, *taken};
}

}  // namespace typeformer
