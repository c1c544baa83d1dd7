// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/views.hpp>

namespace typeformer {

/// An answer's first and last token, and its score; -1 if no token may be in an answer.
struct found_answer {
  index_type first = -1, last = -1;
  double score = 0;
};

/// The answer with the largest sum of its two logits among those that do not end before they begin (Devlin et al. 2019,
/// arXiv:1810.04805, §4.2).
///
/// logits [tokens][2]; `most_tokens` is the length of the longest answer. `may_answer` [tokens] says at which tokens an
/// answer may begin or end (null: all), for example those of the text but not those of the question. Cost: tokens ·
/// most_tokens.
template <class S>
constexpr found_answer likeliest_answer(index_type tokens, rows_view<const S> logits, index_type most_tokens,
                                        const std::uint8_t* may_answer = nullptr) {
  found_answer best;
  for (index_type first = 0; first < tokens; ++first)
    for (index_type last = first; last < tokens && last - first < most_tokens; ++last) {
      if (may_answer && !(may_answer[first] && may_answer[last])) continue;
      const double score = double(logits[first][0]) + double(logits[last][1]);
      if (best.first < 0 || score > best.score) best = {first, last, score};
    }
  return best;
}

}  // namespace typeformer
