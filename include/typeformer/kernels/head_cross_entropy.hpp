// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/kernels/soft_cap.hpp>
#include <typeformer/parallel/workers.hpp>
#include <typeformer/reference/head_cross_entropy.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Loss of one row of logits. With `Gradient` the logits become their gradient times `scale`.
template <bool Gradient>
float cross_entropy_row(index_type classes, float* logits, index_type label, float smoothing, float scale) {
  using pack = simd::pack<float>;
  pack largest(logits[0]);
  for_each_pack(classes, [&](index_type i, auto n) {
    largest = greater(largest, first_lanes(load(logits + i, n), n, logits[0]));
  });
  const float shift = maximum(largest), at_label = logits[label] - shift,
              per_class = 1.0f / static_cast<float>(classes);
  const float mean = smoothing == 0 ? 0.0f : per_class * sum_over(classes, [&](index_type i, auto n) {
                                               return load(logits + i, n) - pack(shift);
                                             });
  const float denominator = sum_over(classes, [&](index_type i, auto n) {
    const pack weight = exp(load(logits + i, n) - pack(shift));
    if constexpr (Gradient) store(weight, logits + i, n);
    return weight;
  });
  if constexpr (Gradient) {
    const pack factor(scale / denominator), everywhere(-scale * smoothing * per_class);
    for_each_pack(classes,
                  [&](index_type i, auto n) { store(fma(load(logits + i, n), factor, everywhere), logits + i, n); });
    logits[label] -= scale * (1 - smoothing);
  }
  return __builtin_logf(denominator) - (1 - smoothing) * at_label - smoothing * mean;
}

/// The rows [begin, end) of a batch. `labeled` of them have a label; `dense` if all have one.
struct labeled_rows {
  index_type begin, end, labeled;
  bool dense() const { return labeled == end - begin; }
};

/// The next rows with at most `most` labels, without unlabeled rows at either end.
inline labeled_rows next_labeled(const row_labels<float>& targets, index_type row, index_type rows, index_type most) {
  while (row < rows && targets.labels[row] == targets.ignore) ++row;
  labeled_rows found{row, row, 0};
  for (; row < rows && found.labeled < most; ++row)
    if (targets.labels[row] != targets.ignore) {
      found.end = row + 1;
      ++found.labeled;
    }
  return found;
}

/// Calls f(row, rank) for the rows that have a label, in order.
template <class F>
TYPEFORMER_ALWAYS_INLINE void for_each_labeled(const row_labels<float>& targets, const labeled_rows& rows, F&& f) {
  for (index_type row = rows.begin, rank = 0; row < rows.end; ++row)
    if (targets.labels[row] != targets.ignore) f(row, rank++);
}

inline void copy_row(index_type width, const float* from, float* to) {
  for_each_pack(width, [&](index_type i, auto n) { store(load(from + i, n), to + i, n); });
}

/// h of the labeled rows, in place or gathered.
inline rows_view<const float> gather(const row_labels<float>& targets, const labeled_rows& rows, index_type width,
                                     rows_view<const float> h, float* gathered) {
  if (rows.dense()) return h.from(rows.begin);
  for_each_labeled(targets, rows,
                   [&](index_type row, index_type rank) { copy_row(width, h[row], gathered + rank * width); });
  return {gathered, width};
}

/// The sum of the losses of gathered logits, in the order of the rows for any number of workers.
template <bool Gradient, Workers W>
float cross_entropy_rows(const row_labels<float>& targets, const labeled_rows& rows, index_type classes, float* logits,
                         index_type* correct, const W& workers) {
  constexpr index_type most = 64;
  float total = 0;
  labeled_rows group = rows;
  for (index_type rank = 0; rank < rows.labeled; rank += group.labeled) {
    group = next_labeled(targets, rank ? group.end : rows.begin, rows.end, most);
    index_type labels[most];
    float losses[most], sum = 0;
    for_each_labeled(targets, group, [&](index_type row, index_type i) { labels[i] = targets.labels[row]; });
    float* const first = logits + rank * classes;
    if (correct)
      for (index_type i = 0; i < group.labeled; ++i)
        *correct += reference::detail::is_first_largest(classes, first + i * classes, labels[i]);
    deal(group.labeled, elements_per_part / classes + 1, workers, [&](index_type i, index_type end) {
      for (; i < end; ++i)
        losses[i] =
            cross_entropy_row<Gradient>(classes, first + i * classes, labels[i], targets.smoothing, targets.scale);
    });
    for (index_type i = 0; i < group.labeled; ++i) sum += losses[i];
    total += sum;
  }
  return targets.scale * total;
}

template <Workers W>
void cap_logits(index_type rows, index_type classes, const row_labels<float>& targets, float* logits,
                const W& workers) {
  if (targets.soft_cap > 0)
    soft_cap<float>(rows, classes, {logits, classes}, targets.soft_cap, {logits, classes}, workers);
}

template <class Weight, Workers W>
head_evaluation<float> evaluate_head(index_type rows, rows_view<const float> h, const Weight& w, const float* bias,
                                     const row_labels<float>& targets, const head_scratch<float>& scratch,
                                     const W& workers) {
  head_evaluation<float> result{};
  for (auto chunk = next_labeled(targets, 0, rows, scratch.chunk_rows); chunk.labeled > 0;
       chunk = next_labeled(targets, chunk.end, rows, scratch.chunk_rows)) {
    linear(chunk.labeled, gather(targets, chunk, w.inputs, h, scratch.h), w, bias,
           rows_view<float>{scratch.logits, w.outputs}, workers);
    cap_logits(chunk.labeled, w.outputs, targets, scratch.logits, workers);
    result.loss += cross_entropy_rows<false>(targets, chunk, w.outputs, scratch.logits, &result.correct, workers);
    result.labeled += chunk.labeled;
  }
  return result;
}

template <Workers W>
float differentiate_head(index_type rows, rows_view<const float> h, row_major_view<const float> w, const float* bias,
                         const row_labels<float>& targets, const head_scratch<float>& scratch, rows_view<float> dh,
                         row_major_view<float> dw, float* dbias, const W& workers) {
  const rows_view<float> logits{scratch.logits, w.outputs};
  float loss = 0;
  index_type done = 0;
  const auto clear = [&](index_type row, index_type end) {
    for (; row < end; ++row) std::fill_n(dh[row], w.inputs, 0.0f);
  };
  for (auto chunk = next_labeled(targets, 0, rows, scratch.chunk_rows); chunk.labeled > 0;
       chunk = next_labeled(targets, chunk.end, rows, scratch.chunk_rows)) {
    const auto inputs = gather(targets, chunk, w.inputs, h, scratch.h);
    linear(chunk.labeled, inputs, w, bias, logits, workers);
    cap_logits(chunk.labeled, w.outputs, targets, scratch.logits, workers);
    if (targets.soft_cap > 0) copy_row(chunk.labeled * w.outputs, scratch.logits, scratch.capped);
    loss += cross_entropy_rows<true>(targets, chunk, w.outputs, scratch.logits, nullptr, workers);
    if (targets.soft_cap > 0)
      soft_cap_back<float>(chunk.labeled, w.outputs, {scratch.capped, w.outputs}, targets.soft_cap, logits, logits,
                           workers);
    linear_weight_gradient(chunk.labeled, inputs, logits, dw, dbias, workers);
    clear(done, chunk.dense() ? chunk.begin : chunk.end);
    if (chunk.dense()) linear_input_gradient(chunk.labeled, logits, w, dh.from(chunk.begin), workers);
    else {
      linear_input_gradient(chunk.labeled, logits, w, rows_view<float>{scratch.dh, w.inputs}, workers);
      for_each_labeled(targets, chunk, [&](index_type row, index_type rank) {
        copy_row(w.inputs, scratch.dh + rank * w.inputs, dh[row]);
      });
    }
    done = chunk.end;
  }
  clear(done, rows);
  return loss;
}

}  // namespace detail

/// `reference::head_cross_entropy`, same operands, with `w` in canonical order or packed. Rows without a label cost
/// nothing.
///
/// Cost: 2 * labeled rows * width * vocabulary FLOPs and one pass over w per `chunk_rows` labeled rows.
template <class S, class Weight, Workers W>
constexpr head_evaluation<S> head_cross_entropy(index_type rows, rows_view<const S> h, const Weight& w, const S* bias,
                                                const row_labels<S>& targets, const head_scratch<S>& scratch,
                                                const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated()) return detail::evaluate_head(rows, h, w, bias, targets, scratch, workers);
  return reference::head_cross_entropy<S>(rows, h, w, bias, targets, scratch);
}

/// `reference::head_cross_entropy_gradient`, same operands. Rows without a label only cost their zeros in dh.
///
/// Cost: 6 * labeled rows * width * vocabulary FLOPs, and two passes over w and two over dw per `chunk_rows` labeled
/// rows. Memory is the bottleneck if w is larger than the cache and chunk_rows is less than about 256.
template <class S, Workers W>
constexpr S head_cross_entropy_gradient(index_type rows, rows_view<const S> h, row_major_view<const S> w, const S* bias,
                                        const row_labels<S>& targets, const head_scratch<S>& scratch, rows_view<S> dh,
                                        row_major_view<S> dw, S* dbias, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::differentiate_head(rows, h, w, bias, targets, scratch, dh, dw, dbias, workers);
  return reference::head_cross_entropy_gradient<S>(rows, h, w, bias, targets, scratch, dh, dw, dbias);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
