// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/execution/call.hpp>
#include <typeformer/execution/objective_operations.hpp>
#include <typeformer/reference/answer_span.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/inputs.hpp>

namespace typeformer {

namespace detail {

template <bool CountsPadding, class S>
constexpr answer_call<S> answer_of(const batch_rows& batch, index_type sequence, rows_view<const S> logits,
                                   const std::int32_t* ends) {
  return {batch.rows_of(sequence), logits.from(batch.first_row[sequence]),
          CountsPadding ? nullptr : batch.valid_of(sequence), index_type(ends[0]), index_type(ends[1])};
}
constexpr bool has_answer(block_view<const std::int32_t> answers, index_type sequence) {
  return answers && *answers[sequence] != no_label;
}

}  // namespace detail

template <bool CountsPadding, class W, class S>
constexpr void execute(answer_span_operation<CountsPadding>, const call<W>& c, block_view<const S> logits,
                       block_view<const std::int32_t> answers, block_view<const double> scale, block_view<S> found) {
  found.data[0] = found.data[1] = S{0};
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    if (!detail::has_answer(answers, s)) continue;
    const auto evaluated =
        reference::answer_span<S>(detail::answer_of<CountsPadding, S>(c.batch, s, logits, answers[s]));
    found.data[0] += S(*scale.data) * evaluated.loss;
    found.data[1] += evaluated.correct ? S{1} : S{0};
  }
}

template <bool CountsPadding, class W, class S>
constexpr void execute(answer_span_gradient_operation<CountsPadding>, const call<W>& c, block_view<const S> logits,
                       block_view<const std::int32_t> answers, block_view<const double> scale, block_view<S> found,
                       block_view<S> dlogits) {
  found.data[0] = S{0};
  for (index_type s = 0; s < c.batch.sequences; ++s) {
    const rows_view<S> gradient = dlogits.from(c.batch.first_row[s]);
    if (detail::has_answer(answers, s)) {
      const answer_call<S> answer = detail::answer_of<CountsPadding, S>(c.batch, s, logits, answers[s]);
      found.data[0] += S(*scale.data) * reference::answer_span<S>(answer).loss;
      reference::answer_span_back<S>(answer, S(*scale.data), gradient);
    } else {
      for (index_type i = 0; i < c.batch.rows_of(s); ++i) gradient[i][0] = gradient[i][1] = S{0};
    }
  }
}

}  // namespace typeformer
