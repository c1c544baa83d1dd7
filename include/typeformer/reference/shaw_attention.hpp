// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/shaw_attention_call.hpp>

namespace typeformer::reference {

namespace detail {

/// One head of one query, and the keys that it may see.
template <class Mask, class S> struct shaw_attention_row {
  const attention_extents& extents;
  const shaw_attention_call<S>& call;
  index_type query, head;

  constexpr index_type width() const { return extents.head_width; }
  constexpr index_type first_column() const { return head * width(); }
  constexpr index_type position() const { return call.past + query; }
  constexpr bool sees(index_type key) const {
    return key >= Mask::first_key(position(), call.keys()) && key < Mask::end_key(position(), call.keys()) &&
           (!call.key_valid || call.key_valid[key]);
  }
  constexpr index_type distance_row(index_type key) const { return call.row_of(key - position()); }

  constexpr const S* q() const { return call.q[query] + first_column(); }
  constexpr S k(index_type key, index_type column) const {
    return call.k[key][first_column() + column] + call.distance_keys[distance_row(key)][column];
  }
  constexpr S v(index_type key, index_type column) const {
    return call.v[key][first_column() + column] + call.distance_values[distance_row(key)][column];
  }
  constexpr S score(index_type key) const {
    S sum{0};
    for (index_type c = 0; c < width(); ++c) sum += q()[c] * k(key, c);
    return static_cast<S>(extents.scale) * sum;
  }
  constexpr S probability(index_type key) const { return math::exp(score(key) - call.log_sum_exp[query][head]); }
};

template <class Mask, class S, class F>
constexpr void for_each_shaw_row(const attention_extents& extents, const shaw_attention_call<S>& call, F&& f) {
  for (index_type head = 0; head < extents.heads; ++head)
    for (index_type query = 0; query < call.queries; ++query)
      f(shaw_attention_row<Mask, S>{extents, call, query, head});
}

}  // namespace detail

/// y_i = sum_j p_ij (v_j + a^V_{j - i}) with p = softmax(scale q_i (k_j + a^K_{j - i})) over the keys that the mask
/// allows (Shaw, Uszkoreit, Vaswani 2018, arXiv:1803.02155, equations 3 and 4; distances are clipped, and all heads
/// share their vectors), and the logarithm of the softmax's denominator.
///
/// A row that sees no key gives y = 0 and log_sum_exp = -infinity. Precondition: kv_heads = heads.
template <class Mask, class S>
constexpr void shaw_attention(const attention_extents& extents, const shaw_attention_call<S>& call) {
  detail::for_each_shaw_row<Mask>(extents, call, [&](const detail::shaw_attention_row<Mask, S>& row) {
    bool sees_any = false;
    S largest{0}, denominator{0};
    for (index_type key = 0; key < call.keys(); ++key) {
      if (!row.sees(key)) continue;
      const S score = row.score(key);
      largest = sees_any ? math::greater(largest, score) : score;
      sees_any = true;
    }
    S* const y = call.y[row.query] + row.first_column();
    for (index_type c = 0; c < row.width(); ++c) y[c] = S{0};
    for (index_type key = 0; key < call.keys(); ++key) {
      if (!row.sees(key)) continue;
      const S weight = math::exp(row.score(key) - largest);
      denominator += weight;
      for (index_type c = 0; c < row.width(); ++c) y[c] += weight * row.v(key, c);
    }
    if (sees_any)
      for (index_type c = 0; c < row.width(); ++c) y[c] /= denominator;
    if (call.log_sum_exp)
      call.log_sum_exp[row.query][row.head] =
          sees_any ? largest + math::log(denominator) : -std::numeric_limits<S>::infinity();
  });
}

/// The softmax's weights [queries][heads * (past + queries)], zero where masked; `call.log_sum_exp` must hold
/// `shaw_attention`'s.
template <class Mask, class S>
constexpr void shaw_attention_probabilities(const attention_extents& extents, const shaw_attention_call<S>& call,
                                            rows_view<S> probabilities) {
  detail::for_each_shaw_row<Mask>(extents, call, [&](const detail::shaw_attention_row<Mask, S>& row) {
    S* const out = probabilities[row.query] + row.head * call.keys();
    for (index_type key = 0; key < call.keys(); ++key) out[key] = row.sees(key) ? row.probability(key) : S{0};
  });
}

/// Gradients of `shaw_attention`, of which `call.y` and `call.log_sum_exp` hold the results.
///
/// dy [queries][heads * head_width]; dk and dv are zero for keys that no query sees.
template <class Mask, class S>
constexpr void shaw_attention_back(const attention_extents& extents, const shaw_attention_call<S>& call,
                                   rows_view<const S> dy, const shaw_attention_gradients<S>& to) {
  const S scale = static_cast<S>(extents.scale);
  for (index_type key = 0; key < call.keys(); ++key)
    for (index_type c = 0; c < extents.heads * extents.head_width; ++c) to.dk[key][c] = to.dv[key][c] = S{0};
  detail::for_each_shaw_row<Mask>(extents, call, [&](const detail::shaw_attention_row<Mask, S>& row) {
    const index_type first = row.first_column();
    const S *const dy_row = dy[row.query] + first, *const y = call.y[row.query] + first;
    S* const dq = to.dq[row.query] + first;
    S dy_dot_y{0};
    for (index_type c = 0; c < row.width(); ++c) {
      dy_dot_y += dy_row[c] * y[c];
      dq[c] = S{0};
    }
    for (index_type key = 0; key < call.keys(); ++key) {
      if (!row.sees(key)) continue;
      const index_type distance = row.distance_row(key);
      const S probability = row.probability(key);
      S dy_dot_v{0};
      // forward: y[c] += weight * v(key, c), and y /= denominator
      for (index_type c = 0; c < row.width(); ++c) {
        dy_dot_v += dy_row[c] * row.v(key, c);
        to.dv[key][first + c] += probability * dy_row[c];
        to.ddistance_values[distance][c] += probability * dy_row[c];
      }
      const S dsum = scale * probability * (dy_dot_v - dy_dot_y);
      // forward: sum += q()[c] * k(key, c)
      for (index_type c = 0; c < row.width(); ++c) {
        dq[c] += dsum * row.k(key, c);
        to.dk[key][first + c] += dsum * row.q()[c];
        to.ddistance_keys[distance][c] += dsum * row.q()[c];
      }
    }
  });
}

}  // namespace typeformer::reference
