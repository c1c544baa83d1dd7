// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// One question and its answer: the logits [tokens][2] for the begin and the end of the answer, which tokens count
/// (null: all), and the answer's first and last token.
template <class S> struct answer_call {
  index_type tokens;
  rows_view<const S> logits;
  const std::uint8_t* valid;
  index_type first, last;
};

template <class S> struct answer_evaluation {
  S loss;
  bool correct;  ///< the largest logits are those of the answer's ends (of equal logits the first counts)
};

namespace reference {

namespace detail {

/// The softmax of one column over the tokens that count: exp(x - shift) / sum.
template <class S> struct column_softmax {
  S shift{0}, sum{0};
  index_type largest = -1;

  constexpr column_softmax(const answer_call<S>& call, index_type column) {
    for (index_type i = 0; i < call.tokens; ++i)
      if (counts(call, i) && (largest < 0 || call.logits[largest][column] < call.logits[i][column])) largest = i;
    if (largest >= 0) shift = call.logits[largest][column];
    for (index_type i = 0; i < call.tokens; ++i)
      if (counts(call, i)) sum += math::exp(call.logits[i][column] - shift);
  }
  static constexpr bool counts(const answer_call<S>& call, index_type token) {
    return !call.valid || call.valid[token];
  }
};

}  // namespace detail

/// Half of -log p_begin[first] - log p_end[last], both softmaxes over the tokens that count (Devlin et al. 2019,
/// arXiv:1810.04805, section 4.2).
///
/// Precondition: first and last lie in [0, tokens) and count.
template <class S> constexpr answer_evaluation<S> answer_span(const answer_call<S>& call) {
  answer_evaluation<S> result{S{0}, true};
  for (index_type column = 0; column < 2; ++column) {
    const detail::column_softmax<S> p{call, column};
    const index_type label = column == 0 ? call.first : call.last;
    result.loss += (math::log(p.sum) - (call.logits[label][column] - p.shift)) / S{2};
    result.correct = result.correct && p.largest == label;
  }
  return result;
}

/// Gradient of `answer_span`: dlogits = dloss (p - [token is the label]) / 2, zero where a token does not count.
///
/// dlogits [tokens][2], which may be the logits themselves.
template <class S> constexpr void answer_span_back(const answer_call<S>& call, S dloss, rows_view<S> dlogits) {
  for (index_type column = 0; column < 2; ++column) {
    const detail::column_softmax<S> p{call, column};
    const index_type label = column == 0 ? call.first : call.last;
    // forward: loss += (log(sum) - (logits[label] - shift)) / 2
    for (index_type i = 0; i < call.tokens; ++i)
      dlogits[i][column] =
          p.counts(call, i)
              ? dloss / S{2} * (math::exp(call.logits[i][column] - p.shift) / p.sum - (i == label ? S{1} : S{0}))
              : S{0};
  }
}

}  // namespace reference
}  // namespace typeformer
