// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/shaw_attention.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

template <class Mask>
void shaw_attention_chunk_back(const shaw_attention_chunk<Mask>& chunk, rows_view<const float> dy_rows,
                               const shaw_attention_gradients<float>& to) {
  constexpr auto by_inputs = right_order::inputs_by_outputs;
  constexpr auto by_outputs = right_order::outputs_by_inputs;
  const index_type rows = chunk.rows, width = chunk.width(), end = chunk.end(), places = chunk.distances();
  const rows_view<const float> dy = chunk.of_head(dy_rows, chunk.first), q = chunk.of_head(chunk.call.q, chunk.first),
                               k = chunk.of_head(chunk.call.k), v = chunk.of_head(chunk.call.v),
                               of_keys = chunk.call.distance_keys, of_values = chunk.call.distance_values;
  const rows_view<float> y = chunk.of_head(chunk.call.y, chunk.first), dq = chunk.of_head(to.dq, chunk.first),
                         dk = chunk.of_head(to.dk), dv = chunk.of_head(to.dv), probabilities = chunk.scores(),
                         dscores = chunk.by_keys(1), by_distance = chunk.by_distances(1),
                         dof_keys = chunk.gradient_of_vectors(0), dof_values = chunk.gradient_of_vectors(1);
  const auto transposed = [](rows_view<float> x) { return left_operand{x.data, 1, x.stride}; };
  const auto plain = [](rows_view<float> x) { return left_operand{rows_view<const float>(x)}; };
  const auto onto = [](rows_view<float> x) { return tile_start{x.data, x.stride}; };

  chunk.score();
  // forward: y = p (v + of_values)
  gemm_blocked<by_outputs>(rows, end, width, dy, v.data, v.stride, {}, dscores);
  gemm_blocked<by_outputs>(rows, places, width, dy, of_values.data, of_values.stride, {}, by_distance);
  chunk.add_by_distance(dscores, by_distance, 1.0f);
  for (index_type row = 0; row < rows; ++row) {
    const index_type seen = chunk.seen(row);
    const float dy_dot_y =
        sum_over(width, [&](index_type c, auto n) { return load(dy[row] + c, n) * load(y[row] + c, n); });
    gradients_of_scores(seen, chunk.call.log_sum_exp[chunk.first + row][chunk.head],
                        static_cast<float>(chunk.extents.scale), dy_dot_y, probabilities[row], dscores[row]);
    for (float* const rest : {probabilities[row], dscores[row]}) std::fill(rest + seen, rest + end, 0.0f);
  }
  gemm_blocked<by_inputs>(end, width, rows, transposed(probabilities), dy.data, dy.stride, onto(dv), dv);
  chunk.sum_by_distance(probabilities, by_distance);
  gemm_blocked<by_inputs>(places, width, rows, transposed(by_distance), dy.data, dy.stride, onto(dof_values),
                          dof_values);
  // forward: scores = scale q (k + of_keys)
  gemm_blocked<by_inputs>(rows, width, end, plain(dscores), k.data, k.stride, {}, dq);
  gemm_blocked<by_inputs>(end, width, rows, transposed(dscores), q.data, q.stride, onto(dk), dk);
  chunk.sum_by_distance(dscores, by_distance);
  gemm_blocked<by_inputs>(rows, width, places, plain(by_distance), of_keys.data, of_keys.stride, onto(dq), dq);
  gemm_blocked<by_inputs>(places, width, rows, transposed(by_distance), q.data, q.stride, onto(dof_keys), dof_keys);
}

/// The gradients of the vectors of distances, which all heads share, summed over the heads in order.
inline void add_vector_gradients(const attention_extents& extents, const shaw_attention_call<float>& call,
                                 const shaw_attention_gradients<float>& to, float* scratch) {
  const index_type places = 2 * call.reach + 1, width = extents.head_width;
  for (index_type head = 0; head < extents.heads; ++head) {
    const shaw_attention_chunk<void> mine{
        extents, call, head, 0, 0, scratch + head * shaw_attention_scratch(1, width, call.reach, call.keys())};
    for (index_type place = 0; place < places; ++place)
      for (index_type c = 0; c < width; ++c) {
        to.ddistance_keys[place][c] += mine.gradient_of_vectors(0)[place][c];
        to.ddistance_values[place][c] += mine.gradient_of_vectors(1)[place][c];
      }
  }
}

}  // namespace detail

/// `reference::shaw_attention_back`, same operands. The heads are shared among the workers.
///
/// `scratch` as for `shaw_attention`. Cost: 5 queries * (visible keys + 2 reach + 1) * head_width multiply-adds per
/// head.
template <class Mask, class S, Workers W>
constexpr void shaw_attention_back(const attention_extents& extents, const shaw_attention_call<S>& call,
                                   rows_view<const std::type_identity_t<S>> dy, const shaw_attention_gradients<S>& to,
                                   S* scratch, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated()) {
      const index_type width = extents.head_width, vectors = 2 * (2 * call.reach + 1) * width;
      detail::for_each_head(
          extents.heads, extents.heads * call.queries * call.keys() * width, workers, [&](index_type head) {
            float* const mine = scratch + head * shaw_attention_scratch(1, width, call.reach, call.keys());
            std::fill_n(detail::shaw_attention_chunk<Mask>{extents, call, head, 0, 0, mine}.gradient_of_vectors(0).data,
                        vectors, 0.0f);
            for (index_type key = 0; key < call.keys(); ++key)
              for (const rows_view<float>& gradient : {to.dk, to.dv})
                std::fill_n(gradient[key] + head * width, width, 0.0f);
            detail::for_each_shaw_chunk<Mask>(extents, call, head, scratch, [&](const auto& chunk) {
              detail::shaw_attention_chunk_back(chunk, dy, to);
            });
          });
      return detail::add_vector_gradients(extents, call, to, scratch);
    }
  reference::shaw_attention_back<Mask, S>(extents, call, dy, to);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
