// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/attention_call.hpp>
#include <typeformer/reference/relative_attention_call.hpp>

namespace typeformer::reference {

namespace detail {

/// One head of one query.
template <class S> struct relative_attention_row {
  const attention_extents& extents;
  const relative_attention_call<S>& call;
  index_type query, head;

  constexpr index_type width() const { return extents.head_width; }
  constexpr index_type first_column() const { return head * width(); }
  constexpr index_type end_key() const { return call.end_key(query); }
  constexpr const S* of_head(rows_view<const S> rows, index_type row) const { return rows[row] + first_column(); }

  constexpr S score(index_type key) const {
    const S *q = of_head(call.q, query), *k = of_head(call.k, key),
            *r = of_head(call.r, call.row_of_distance(query, key));
    const S *u = call.content_bias + first_column(), *v = call.position_bias + first_column();
    S sum{0};
    for (index_type c = 0; c < width(); ++c) sum += (q[c] + u[c]) * k[c] + (q[c] + v[c]) * r[c];
    return static_cast<S>(extents.scale) * sum;
  }
  constexpr S probability(index_type key) const { return math::exp(score(key) - call.log_sum_exp[query][head]); }
};

template <class S, class F>
constexpr void for_each_relative_row(const attention_extents& extents, const relative_attention_call<S>& call, F&& f) {
  for (index_type head = 0; head < extents.heads; ++head)
    for (index_type query = 0; query < call.queries; ++query) f(relative_attention_row<S>{extents, call, query, head});
}

}  // namespace detail

/// y = softmax(s) v with s_ij = scale ((q_i + content_bias) k_j + (q_i + position_bias) r_{i - j}) for the keys j up to
/// i, or all (Dai et al. 2019, arXiv:1901.02860, section 3.3; Yang et al. 2019, arXiv:1906.08237), and the logarithm of
/// the softmax's denominator.
///
/// A row that sees no valid key gives y = 0 and log_sum_exp = -infinity. Precondition: kv_heads = heads.
template <class S>
constexpr void relative_attention(const attention_extents& extents, const relative_attention_call<S>& call) {
  detail::for_each_relative_row(extents, call, [&](const detail::relative_attention_row<S>& row) {
    bool sees_any = false;
    S largest{0}, denominator{0};
    for (index_type key = 0; key < row.end_key(); ++key) {
      if (!call.is_valid(key)) continue;
      const S score = row.score(key);
      largest = sees_any ? math::greater(largest, score) : score;
      sees_any = true;
    }
    S* const y = call.y[row.query] + row.first_column();
    for (index_type c = 0; c < row.width(); ++c) y[c] = S{0};
    for (index_type key = 0; key < row.end_key(); ++key) {
      if (!call.is_valid(key)) continue;
      const S weight = math::exp(row.score(key) - largest);
      denominator += weight;
      for (index_type c = 0; c < row.width(); ++c) y[c] += weight * row.of_head(call.v, key)[c];
    }
    if (sees_any)
      for (index_type c = 0; c < row.width(); ++c) y[c] /= denominator;
    if (call.log_sum_exp)
      call.log_sum_exp[row.query][row.head] =
          sees_any ? largest + math::log(denominator) : -std::numeric_limits<S>::infinity();
  });
}

/// The softmax's weights [queries][heads * (past + queries)], zero where masked; `call.log_sum_exp` must hold
/// `relative_attention`'s.
template <class S>
constexpr void relative_attention_probabilities(const attention_extents& extents,
                                                const relative_attention_call<S>& call, rows_view<S> probabilities) {
  detail::for_each_relative_row(extents, call, [&](const detail::relative_attention_row<S>& row) {
    S* const out = probabilities[row.query] + row.head * call.keys();
    for (index_type key = 0; key < call.keys(); ++key)
      out[key] = key < row.end_key() && call.is_valid(key) ? row.probability(key) : S{0};
  });
}

/// Gradients of `relative_attention`, of which `call.y` and `call.log_sum_exp` hold the results.
///
/// dy [queries][heads * head_width]; dk and dv are zero for keys that no query sees.
template <class S>
constexpr void relative_attention_back(const attention_extents& extents, const relative_attention_call<S>& call,
                                       rows_view<const S> dy, const relative_attention_gradients<S>& to) {
  const S scale = static_cast<S>(extents.scale);
  for (index_type key = 0; key < call.keys(); ++key)
    for (index_type c = 0; c < extents.heads * extents.head_width; ++c) to.dk[key][c] = to.dv[key][c] = S{0};
  detail::for_each_relative_row(extents, call, [&](const detail::relative_attention_row<S>& row) {
    const index_type first = row.first_column();
    const S *const dy_row = dy[row.query] + first, *const y = call.y[row.query] + first,
                   *const q = row.of_head(call.q, row.query);
    S* const dq = to.dq[row.query] + first;
    S dy_dot_y{0};
    for (index_type c = 0; c < row.width(); ++c) {
      dy_dot_y += dy_row[c] * y[c];
      dq[c] = S{0};
    }
    for (index_type key = 0; key < row.end_key(); ++key) {
      if (!call.is_valid(key)) continue;
      const S probability = row.probability(key);
      S dy_dot_v{0};
      // forward: y[c] += weight * v[c], and y /= denominator
      for (index_type c = 0; c < row.width(); ++c) {
        dy_dot_v += dy_row[c] * row.of_head(call.v, key)[c];
        to.dv[key][first + c] += probability * dy_row[c];
      }
      const S dsum = scale * probability * (dy_dot_v - dy_dot_y);
      const index_type distance = call.row_of_distance(row.query, key);
      // forward: sum += (q[c] + u[c]) * k[c] + (q[c] + v[c]) * r[c]
      for (index_type c = 0; c < row.width(); ++c) {
        const S by_content = dsum * row.of_head(call.k, key)[c], by_position = dsum * row.of_head(call.r, distance)[c];
        dq[c] += by_content + by_position;
        to.dcontent_bias[first + c] += by_content;
        to.dposition_bias[first + c] += by_position;
        to.dk[key][first + c] += dsum * (q[c] + call.content_bias[first + c]);
        to.dr[distance][first + c] += dsum * (q[c] + call.position_bias[first + c]);
      }
    }
  });
}

}  // namespace typeformer::reference
