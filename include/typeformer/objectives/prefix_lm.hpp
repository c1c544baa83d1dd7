// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>
#include <span>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/uniform_below.hpp>

namespace typeformer {

/// A random place to split a text into a given prefix and a rest to predict (Raffel et al. 2020, arXiv:1910.10683,
/// §3.3.1): the prefix's length, uniform in 1 to length - 1.
///
/// Precondition: 2 <= length < 2^32, else it traps.
constexpr index_type draw_prefix_length(index_type length, philox& generator) {
  if (length < 2) __builtin_trap();
  return 1 + static_cast<index_type>(uniform_below(static_cast<std::uint32_t>(length - 1), generator));
}

/// The number of segments of at most `most` tokens that a text makes. All but the last are full.
///
/// Precondition: most > 0, else it traps.
constexpr index_type segment_count(index_type tokens, index_type most) {
  if (most <= 0) __builtin_trap();
  return tokens <= 0 ? 0 : (tokens - 1) / most + 1;
}

/// Packed sequences, all [length]: the tokens, the sequence of each (from 1), and its position in that sequence.
struct packed_tokens {
  std::span<std::int32_t> ids, segments, positions;
};

/// The targets of a decoder, both [length]: the token that follows each, and whether it counts (0 or 1).
struct decoder_targets {
  std::span<std::int32_t> ids;
  std::span<std::uint8_t> counts;
};

namespace detail {

template <class... Spans> constexpr void require_room(std::size_t length, const Spans&... spans) {
  if (((spans.size() < length) || ...)) __builtin_trap();
}

}  // namespace detail

/// Two texts as the prefix language models of an encoder-decoder that reads both at once. The first one is split at
/// `prefix`, the second at length - `prefix`, so that the prefixes fill the encoder and the rests fill the decoder.
///
/// first, second [length]; encoder, decoder, targets: [length]. A decoder's input is the previous target, or `padding`
/// at the beginning of its sequence. A target that is `padding` does not count. Preconditions: texts of one length, 0 <
/// prefix < length, outputs of that size; else it traps.
constexpr void pack_prefix_lm(std::span<const std::int32_t> first, std::span<const std::int32_t> second,
                              index_type prefix, std::int32_t padding, const packed_tokens& encoder,
                              const packed_tokens& decoder, const decoder_targets& targets) {
  const std::size_t length = first.size(), split = static_cast<std::size_t>(prefix), rest = length - split;
  if (second.size() != length || prefix < 1 || split >= length) __builtin_trap();
  detail::require_room(length, encoder.ids, encoder.segments, encoder.positions, decoder.ids, decoder.segments,
                       decoder.positions, targets.ids, targets.counts);
  for (std::size_t i = 0; i < length; ++i) {
    const bool second_prefix = i >= split, second_rest = i >= rest;
    const std::size_t place = second_prefix ? i - split : i, rest_place = second_rest ? i - rest : i;
    encoder.ids[i] = second_prefix ? second[place] : first[place];
    encoder.segments[i] = second_prefix ? 2 : 1;
    encoder.positions[i] = static_cast<std::int32_t>(place);
    targets.ids[i] = second_rest ? second[rest + rest_place] : first[split + rest_place];
    targets.counts[i] = targets.ids[i] != padding;
    decoder.ids[i] = rest_place == 0 ? padding : targets.ids[i - 1];
    decoder.segments[i] = second_rest ? 2 : 1;
    decoder.positions[i] = static_cast<std::int32_t>(rest_place);
  }
}

/// A text as the prefix language model of a decoder alone: the whole text is read, and the tokens after the prefix are
/// predicted.
///
/// tokens [length]; ids, in_prefix, targets: [length]. A token's input is the previous token, `padding` for the first.
/// `in_prefix` is 1 for the inputs that see each other in both directions: the one before the text, and the prefix. A
/// target that is `padding` does not count, nor one of the prefix unless `counts_prefix`. Preconditions: 0 < prefix <
/// length, outputs of that size; else it traps.
constexpr void pack_prefix_lm(std::span<const std::int32_t> tokens, index_type prefix, std::int32_t padding,
                              std::span<std::int32_t> ids, std::span<std::uint8_t> in_prefix,
                              const decoder_targets& targets, bool counts_prefix = false) {
  const std::size_t length = tokens.size(), split = static_cast<std::size_t>(prefix);
  if (prefix < 1 || split >= length) __builtin_trap();
  detail::require_room(length, ids, in_prefix, targets.ids, targets.counts);
  for (std::size_t i = 0; i < length; ++i) {
    ids[i] = i == 0 ? padding : tokens[i - 1];
    in_prefix[i] = i <= split;
    targets.ids[i] = tokens[i];
    targets.counts[i] = (counts_prefix || i >= split) && tokens[i] != padding;
  }
}

}  // namespace typeformer
