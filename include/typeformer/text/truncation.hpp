// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <typeformer/foundation/result.hpp>
#include <typeformer/text/aligned_text.hpp>
#include <typeformer/text/token_encoding.hpp>
#include <typeformer/text/tokenizer_error.hpp>

namespace typeformer {

enum class truncation_strategy { longest_first, only_first, only_second };

/// The most tokens of an encoding, special ones included.
struct truncation_options {
  std::size_t most = 512;
  truncation_strategy strategy = truncation_strategy::longest_first;
  bool drops_begin = false;  ///< and keeps the end
  std::size_t stride = 0;    ///< tokens that a piece of what is cut off has in common with the one before it
};

/// To how many tokens one or two texts of `sizes` tokens are shortened, so that they have `most` together. Errors: there
/// is no second one to shorten, or it would not be long enough.
inline result<std::vector<std::size_t>, tokenizer_error> truncated_sizes(std::vector<std::size_t> sizes,
                                                                         std::size_t most, truncation_strategy how) {
  std::size_t total = 0;
  for (const std::size_t each : sizes) total += each;
  if (total <= most) return sizes;
  if (most == 0) return std::vector<std::size_t>(sizes.size());
  if (how == truncation_strategy::longest_first) {
    if (sizes.size() == 1) return std::vector<std::size_t>{most};
    const std::size_t shorter = (std::min)(sizes[0], sizes[1]);
    std::size_t small = shorter, large = shorter > most ? shorter : (std::max)(shorter, most - shorter);
    if (small + large > most) small = most / 2, large = small + most % 2;
    if (sizes[0] > sizes[1]) std::swap(small, large);
    return std::vector<std::size_t>{(std::min)(small, sizes[0]), (std::min)(large, sizes[1])};
  }
  const std::size_t number = how == truncation_strategy::only_first ? 0 : 1, removed = total - most;
  if (number >= sizes.size()) return failure{tokenizer_error{"truncation of the second text: there is one text"}};
  if (sizes[number] <= removed)
    return failure{tokenizer_error{"truncation: expected more than " + std::to_string(removed) +
                                   " tokens in the text to shorten, found " + std::to_string(sizes[number])}};
  sizes[number] -= removed;
  return sizes;
}

namespace detail {

/// The `kept` tokens of `size`, which are fewer, and the pieces of the others.
inline std::vector<text_range> piece_ranges(std::size_t size, std::size_t kept, const truncation_options& how) {
  if (kept == 0) return {{0, 0}, {0, size}};
  std::vector<text_range> ranges;
  for (std::size_t done = 0;; done += kept - how.stride) {
    const std::size_t length = (std::min)(kept, size - done);
    if (how.drops_begin) ranges.push_back({size - done - length, size - done});
    else ranges.push_back({done, done + length});
    if (done + length == size) return ranges;
  }
}

}  // namespace detail

/// One or two encodings, shortened to `most` tokens together. With `overflows` also, after them, what was cut off: every
/// other pair of a piece of the first and a piece of the second one, in the order of Hugging Face's tokenizers.
///
/// Errors: those of `truncated_sizes`; a stride that is not below the tokens that are kept of a text; more than 2^24
/// tokens in all pieces, of which two long texts have very many pairs.
inline result<std::vector<std::vector<token_encoding>>, tokenizer_error> truncated_pieces(
    const std::vector<token_encoding>& parts, std::size_t most, const truncation_options& how, bool overflows) {
  constexpr std::size_t most_tokens = std::size_t{1} << 24;
  std::vector<std::size_t> sizes;
  for (const token_encoding& each : parts) sizes.push_back(each.size());
  const auto kept = truncated_sizes(sizes, most, how.strategy);
  if (!kept) return failure{kept.error()};
  std::vector<std::vector<text_range>> ranges(2, std::vector<text_range>(1));  // of the first and the second text
  std::size_t tokens = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t size = sizes[i], rest = (*kept)[i];
    ranges[i][0] = how.drops_begin ? text_range{size - rest, size} : text_range{0, rest};
    if (!overflows || rest == size) continue;
    if (rest > 0 && how.stride >= rest)
      return failure{tokenizer_error{"truncation: expected a stride below " + std::to_string(rest) +
                                     ", the tokens that are kept of a text, found " + std::to_string(how.stride)}};
    ranges[i] = detail::piece_ranges(size, rest, how);
    if (tokens += ranges[i].size() * rest; tokens > most_tokens) break;
  }
  tokens = (std::max)(tokens, ranges[0].size() * ranges[1].size() * ((std::max)(most, std::size_t{1})));
  if (overflows && ranges[0].size() * ranges[1].size() > 1 && tokens > most_tokens)
    return failure{tokenizer_error{"truncation: expected at most " + std::to_string(most_tokens) +
                                   " tokens in the pieces of what is cut off, found more"}};
  std::vector<std::vector<token_encoding>> all;
  const auto add = [&](std::size_t first, std::size_t second) {
    const std::size_t numbers[] = {first, second};
    all.emplace_back();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const text_range& range = ranges[i][numbers[i]];
      all.back().push_back(parts[i].part(range.begin, range.end));
      all.back().back().is_overflow = numbers[i] > 0;
    }
  };
  add(0, 0);
  for (std::size_t first = 1; first < ranges[0].size(); ++first)
    for (std::size_t second = 0; second < ranges[1].size(); ++second) add(first, second);
  for (std::size_t second = 1; second < ranges[1].size(); ++second) add(0, second);
  return all;
}

}  // namespace typeformer
