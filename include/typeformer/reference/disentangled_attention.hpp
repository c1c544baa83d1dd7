// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/disentangled_attention_call.hpp>

namespace typeformer::reference {

namespace detail {

/// One head of one query, and the keys that it may see.
template <class S> struct disentangled_row {
  const attention_extents& extents;
  const disentangled_attention_call<S>& call;
  index_type query, head;

  constexpr index_type width() const { return extents.head_width; }
  constexpr index_type first_column() const { return head * width(); }
  constexpr bool is_hidden() const { return call.valid && !call.valid[query]; }
  constexpr bool sees(index_type key) const { return is_hidden() || !call.valid || call.valid[key]; }
  constexpr index_type distance_row(index_type key) const { return call.row_of[query - key]; }

  constexpr const S* part(rows_view<const S> of, index_type row) const { return of[row] + first_column(); }
  constexpr S dot(const S* a, const S* b) const {
    S sum{0};
    for (index_type c = 0; c < width(); ++c) sum += a[c] * b[c];
    return sum;
  }
  constexpr S score(index_type key) const {
    if (is_hidden()) return S{0};
    const S *const q = part(call.q, query), *const k = part(call.k, key);
    S sum = dot(q, k);
    if (call.distance_keys) sum += dot(q, part(call.distance_keys, distance_row(key)));
    if (call.distance_queries) sum += dot(k, part(call.distance_queries, distance_row(key)));
    return static_cast<S>(extents.scale) * sum;
  }
  constexpr S probability(index_type key) const { return math::exp(score(key) - call.log_sum_exp[query][head]); }
};

template <class S, class F>
constexpr void for_each_disentangled_row(const attention_extents& extents, const disentangled_attention_call<S>& call,
                                         F&& f) {
  for (index_type head = 0; head < extents.heads; ++head)
    for (index_type query = 0; query < call.tokens; ++query) f(disentangled_row<S>{extents, call, query, head});
}

}  // namespace detail

/// y_i = sum_j p_ij v_j with p = softmax_j(scale (q_i k_j + q_i a_d + k_j b_d)), where d is the row of the distance i - j
/// in the keys a and the queries b of distances (He et al. 2021, arXiv:2006.03654, equation 4), and the logarithm of the
/// softmax's denominator. A query that is hidden sees every key alike, as in the published code.
template <class S>
constexpr void disentangled_attention(const attention_extents& extents, const disentangled_attention_call<S>& call) {
  detail::for_each_disentangled_row(extents, call, [&](const detail::disentangled_row<S>& row) {
    bool sees_any = false;
    S largest{0}, denominator{0};
    S* const y = call.y[row.query] + row.first_column();
    for (index_type c = 0; c < row.width(); ++c) y[c] = S{0};
    for (index_type key = 0; key < call.tokens; ++key) {
      if (!row.sees(key)) continue;
      const S score = row.score(key);
      if (!sees_any || score > largest) {  // what was added so far belongs to the smaller one
        const S rescale = sees_any ? math::exp(largest - score) : S{0};
        denominator *= rescale;
        for (index_type c = 0; c < row.width(); ++c) y[c] *= rescale;
        largest = score;
        sees_any = true;
      }
      const S weight = math::exp(score - largest);
      denominator += weight;
      const S* const v = row.part(call.v, key);
      for (index_type c = 0; c < row.width(); ++c) y[c] += weight * v[c];
    }
    for (index_type c = 0; sees_any && c < row.width(); ++c) y[c] /= denominator;
    if (call.log_sum_exp) call.log_sum_exp[row.query][row.head] = largest + math::log(denominator);
  });
}

/// The softmax's weights [tokens][heads * tokens], zero where masked; `call.log_sum_exp` must hold
/// `disentangled_attention`'s.
template <class S>
constexpr void disentangled_attention_probabilities(const attention_extents& extents,
                                                    const disentangled_attention_call<S>& call,
                                                    rows_view<S> probabilities) {
  detail::for_each_disentangled_row(extents, call, [&](const detail::disentangled_row<S>& row) {
    S* const to = probabilities[row.query] + row.head * call.tokens;
    for (index_type key = 0; key < call.tokens; ++key) to[key] = row.sees(key) ? row.probability(key) : S{0};
  });
}

/// Gradients of `disentangled_attention`, of which `call.y` and `call.log_sum_exp` hold the results.
///
/// dy [tokens][heads * head_width].
template <class S>
constexpr void disentangled_attention_back(const attention_extents& extents, const disentangled_attention_call<S>& call,
                                           rows_view<const S> dy, const disentangled_attention_gradients<S>& to) {
  const index_type columns = extents.heads * extents.head_width;
  for (index_type token = 0; token < call.tokens; ++token)
    for (index_type c = 0; c < columns; ++c) to.dq[token][c] = to.dk[token][c] = to.dv[token][c] = S{0};
  detail::for_each_disentangled_row(extents, call, [&](const detail::disentangled_row<S>& row) {
    const index_type first = row.first_column(), width = row.width();
    const S *const dy_row = dy[row.query] + first, *const q = row.part(call.q, row.query);
    S* const dq = to.dq[row.query] + first;
    const S dy_dot_y = row.dot(dy_row, call.y[row.query] + first);
    for (index_type key = 0; key < call.tokens; ++key) {
      if (!row.sees(key)) continue;
      const S probability = row.probability(key);
      // forward: y[c] += weight * v[c], and y /= denominator
      for (index_type c = 0; c < width; ++c) to.dv[key][first + c] += probability * dy_row[c];
      if (row.is_hidden()) continue;
      const S dsum = static_cast<S>(extents.scale) * probability * (row.dot(dy_row, row.part(call.v, key)) - dy_dot_y);
      const S* const k = row.part(call.k, key);
      S* const dk = to.dk[key] + first;
      // forward: sum = q k + q a + k b
      for (index_type c = 0; c < width; ++c) {
        dq[c] += dsum * k[c];
        dk[c] += dsum * q[c];
      }
      if (call.distance_keys)
        for (index_type c = 0, distance = row.distance_row(key); c < width; ++c) {
          dq[c] += dsum * row.part(call.distance_keys, distance)[c];
          to.ddistance_keys[distance][first + c] += dsum * q[c];
        }
      if (call.distance_queries)
        for (index_type c = 0, distance = row.distance_row(key); c < width; ++c) {
          dk[c] += dsum * row.part(call.distance_queries, distance)[c];
          to.ddistance_queries[distance][first + c] += dsum * k[c];
        }
    }
  });
}

}  // namespace typeformer::reference
