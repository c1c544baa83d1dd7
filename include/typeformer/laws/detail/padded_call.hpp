// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <typeformer/laws/token_call.hpp>

namespace typeformer::laws::detail {

/// The places of the valid tokens of two sequences of 5 tokens: three of the first, two of the second.
struct padding {
  const char* where;
  bool keeps_distances;
  std::array<std::array<bool, 5>, 2> valid;
};
inline constexpr std::array<padding, 3> paddings{
    {{"with padding to the right", true, {{{1, 1, 1, 0, 0}, {1, 1, 0, 0, 0}}}},
     {"with padding to the left", true, {{{0, 0, 1, 1, 1}, {0, 0, 0, 1, 1}}}},
     {"with holes", false, {{{1, 0, 1, 0, 1}, {0, 1, 0, 1, 0}}}}}};

/// Two texts that fit: as many tokens as are valid in each row, and the source's in its first `source_length` places.
inline std::vector<law_text> texts_for(const padding& p, pseudo_random& random, index_type vocabulary,
                                       index_type source_length) {
  std::vector<law_text> texts;
  for (std::size_t s = 0; s < 2; ++s) {
    index_type in_source = 0;
    for (std::size_t i = 0; i < std::size_t(source_length); ++i) in_source += p.valid[s][i];
    texts.push_back(random_text(random, vocabulary, s == 0 ? 3 : 2, in_source));
  }
  return texts;
}

/// These texts with other tokens around and between theirs, which are not valid.
inline token_call padded_call_of(const std::vector<law_text>& texts, const padding& p, pseudo_random& random,
                                 index_type vocabulary, index_type source_length) {
  token_call call{5, source_length};
  for (std::size_t s = 0; s < texts.size(); ++s) {
    const auto add = [&](token_rows_of_call& to, const std::vector<std::int32_t>& ids, index_type length) {
      to.start_sequence();
      auto next = ids.begin();
      for (std::size_t i = 0; i < std::size_t(length); ++i)
        to.add(p.valid[s][i] ? *next++ : random.below(vocabulary), p.valid[s][i]);
    };
    add(call.tokens, texts[s].ids, 5);
    add(call.source, texts[s].source, source_length);
  }
  return call;
}

}  // namespace typeformer::laws::detail
