// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <type_traits>

#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/kernels/relative_attention.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// Scores become probabilities. `dscores` holds dy v and becomes the gradient of the products before the scale;
/// `distances` becomes the same by distance. All are zero for keys and distances that the row does not see.
inline void relative_score_gradients(const relative_attention_chunk& chunk, index_type row, float dy_dot_y,
                                     float* scores, float* dscores, float* distances) {
  const index_type count = chunk.end(row);
  gradients_of_scores(count, chunk.call.log_sum_exp[chunk.first + row][chunk.head],
                      static_cast<float>(chunk.extents.scale), dy_dot_y, scores, dscores);
  std::fill_n(distances, chunk.distance_count(), 0.0f);
  float* const back = distances + chunk.column_of_first_key(row);
  for (index_type key = 0; key < count; ++key) back[-key] = dscores[key];
  for (float* const rest : {scores, dscores}) std::fill(rest + count, rest + chunk.end(), 0.0f);
}

inline void relative_attention_chunk_back(const relative_attention_chunk& chunk, rows_view<const float> dy_rows,
                                          const relative_attention_gradients<float>& to) {
  constexpr auto by_inputs = right_order::inputs_by_outputs;
  const index_type rows = chunk.rows, width = chunk.width(), end = chunk.end(), distances = chunk.distance_count();
  const rows_view<const float> dy = chunk.of_head(dy_rows, chunk.first), k = chunk.keys(), v = chunk.values(),
                               r = chunk.of_distances();
  const rows_view<float> y = chunk.of_head(chunk.call.y, chunk.first), dq = chunk.of_head(to.dq, chunk.first),
                         dk = chunk.of_head(to.dk), dv = chunk.of_head(to.dv),
                         dr = chunk.of_head(to.dr, chunk.first_distance());
  const rows_view<float> probabilities = chunk.content(), dscores = chunk.by_keys(2), ddistances = chunk.distances(),
                         dq_by_position = chunk.by_width(2);
  const auto transposed = [](rows_view<float> x) { return left_operand{x.data, 1, x.stride}; };
  const auto plain = [](rows_view<float> x) { return left_operand{rows_view<const float>(x)}; };
  const auto onto = [](rows_view<float> x) { return tile_start{x.data, x.stride}; };

  chunk.score();
  gemm_blocked<right_order::outputs_by_inputs>(rows, end, width, dy, v.data, v.stride, {}, dscores);
  for (index_type row = 0; row < rows; ++row) {
    const float dy_dot_y =
        sum_over(width, [&](index_type c, auto n) { return load(dy[row] + c, n) * load(y[row] + c, n); });
    relative_score_gradients(chunk, row, dy_dot_y, probabilities[row], dscores[row], ddistances[row]);
  }
  gemm_blocked<by_inputs>(end, width, rows, transposed(probabilities), dy.data, dy.stride, onto(dv), dv);
  gemm_blocked<by_inputs>(rows, width, end, plain(dscores), k.data, k.stride, {}, dq);
  gemm_blocked<by_inputs>(rows, width, distances, plain(ddistances), r.data, r.stride, {}, dq_by_position);
  gemm_blocked<by_inputs>(end, width, rows, transposed(dscores), chunk.content_queries().data, width, onto(dk), dk);
  gemm_blocked<by_inputs>(distances, width, rows, transposed(ddistances), chunk.position_queries().data, width,
                          onto(dr), dr);
  add_column_sums(rows, width, dq, to.dcontent_bias + chunk.column());
  add_column_sums(rows, width, dq_by_position, to.dposition_bias + chunk.column());
  for (index_type row = 0; row < rows; ++row)
    for (index_type c = 0; c < width; ++c) dq[row][c] += dq_by_position[row][c];
}

}  // namespace detail

/// `reference::relative_attention_back`, same operands. The heads are shared among the workers.
///
/// `scratch` as for `relative_attention`. Cost: 8 queries * visible keys * head_width multiply-adds per head.
template <class S, Workers W>
constexpr void relative_attention_back(const attention_extents& extents, const relative_attention_call<S>& call,
                                       rows_view<const std::type_identity_t<S>> dy,
                                       const relative_attention_gradients<S>& to, S* scratch, const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_relative_head(extents, call, workers, [&](index_type head) {
        for (index_type key = 0; key < call.keys(); ++key) {
          std::fill_n(to.dk[key] + head * extents.head_width, extents.head_width, 0.0f);
          std::fill_n(to.dv[key] + head * extents.head_width, extents.head_width, 0.0f);
        }
        detail::for_each_relative_chunk(extents, call, head, scratch, [&](const auto& chunk) {
          detail::relative_attention_chunk_back(chunk, dy, to);
        });
      });
  reference::relative_attention_back<S>(extents, call, dy, to);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
