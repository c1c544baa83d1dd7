// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/foundation/math.hpp>
#include <typeformer/reference/attention_call.hpp>

namespace typeformer::reference {

/// Writes k [rows][kv_heads * head_width] to the panels as keys first_key, first_key + 1, ...
template <class S>
constexpr void store_keys(index_type rows, const attention_extents& extents, rows_view<const S> k, index_type first_key,
                          S* key_panels, index_type key_head_stride) {
  const index_type width = extents.head_width;
  for (index_type row = 0; row < rows; ++row)
    for (index_type head = 0; head < extents.kv_heads; ++head) {
      S* const panel = key_panels + head * key_head_stride + key_offset(first_key + row, width);
      for (index_type c = 0; c < width; ++c) panel[c * key_block] = k[row][head * width + c];
    }
}

namespace detail {

/// One query head of one query row, and the keys that it may see.
template <class Mask, class S, class Call = attention_call<S>> struct attention_row {
  const attention_extents& extents;
  const Call& call;
  index_type query, head;

  constexpr index_type width() const { return extents.head_width; }
  constexpr index_type kv_head() const { return extents.kv_head_of(head); }
  constexpr index_type first_key() const { return first_key_of<Mask>(call, query); }
  constexpr index_type end_key() const { return end_key_of<Mask>(call, query); }
  constexpr bool sees(index_type key) const {
    return key >= first_key() && key < end_key() && (!call.key_valid || call.key_valid[key]);
  }

  constexpr const S* q() const { return call.q[query] + head * width(); }
  constexpr S k(index_type key, index_type column) const { return call.key_at(kv_head(), width(), key, column); }
  constexpr S v(index_type key, index_type column) const { return call.value_at(kv_head(), width(), key, column); }
  constexpr S* y() const { return call.y[query] + head * width(); }

  constexpr S score(index_type key) const {
    S sum{0};
    for (index_type c = 0; c < width(); ++c) sum += q()[c] * k(key, c);
    const S scaled = static_cast<S>(extents.scale) * sum;
    if constexpr (!has_rule<Mask>) return scaled;
    else return capped(scaled) + (call.rule->bias ? call.rule->bias[bias_at(key)] : S{0});
  }
  constexpr S capped(S score) const {
    const S cap = call.rule->soft_cap;
    return cap > 0 ? cap * math::tanh(score / cap) : score;
  }
  constexpr index_type bias_at(index_type key) const { return call.rule->bias_at(head, key - (call.past + query)); }

  /// The gradient of scale q k from that of the score. Adds the gradient of the bias.
  constexpr S back_through_rule(index_type key, S dscore) const {
    if constexpr (has_rule<Mask>) {
      if (call.rule->dbias) call.rule->dbias[bias_at(key)] += dscore;  // forward: capped(scaled) + bias
      if (const S cap = call.rule->soft_cap; cap > 0) {
        const S bias = call.rule->bias ? call.rule->bias[bias_at(key)] : S{0};
        const S tangent = (score(key) - bias) / cap;  // forward: cap * tanh(score / cap)
        return dscore * (1 - tangent * tangent);
      }
    }
    return dscore;
  }
  constexpr S probability(index_type key) const { return math::exp(score(key) - call.log_sum_exp[query][head]); }

  /// x, scaled, if the key's probability is kept, and 0 if it is dropped.
  constexpr S dropped(index_type key, S x) const {
    if constexpr (drops_probabilities<Mask>) return x * static_cast<S>(dropout_of(call).factor(head, query, key));
    else return x;
  }
};

template <class Mask, class S, class Call, class F>
constexpr void for_each_attention_row(const attention_extents& extents, const Call& call, F&& f) {
  for (index_type head = 0; head < extents.heads; ++head)
    for (index_type query = 0; query < call.queries; ++query)
      f(attention_row<Mask, S, Call>{extents, call, query, head});
}

}  // namespace detail

/// Scaled dot-product attention y = softmax(scale q k^T + mask) v of every head (Vaswani et al. 2017, equation 1), and
/// the logarithm of the softmax's denominator.
///
/// A row that sees no key gives y = 0 and log_sum_exp = -infinity. A mask `with_dropout` drops probabilities after the
/// softmax, so those of a row need not add up to one (Devlin et al. 2019, in its published code).
template <class Mask, class S, class Call = attention_call<S>>
constexpr void attention(const attention_extents& extents, const Call& call) {
  detail::for_each_attention_row<Mask, S>(extents, call, [&](const detail::attention_row<Mask, S, Call>& row) {
    bool sees_any = false;
    S largest{0}, denominator{0};
    for (index_type key = row.first_key(); key < row.end_key(); ++key) {
      if (!row.sees(key)) continue;
      const S score = row.score(key);
      largest = sees_any ? math::greater(largest, score) : score;
      sees_any = true;
    }
    for (index_type c = 0; c < row.width(); ++c) row.y()[c] = S{0};
    for (index_type key = row.first_key(); key < row.end_key(); ++key) {
      if (!row.sees(key)) continue;
      const S weight = math::exp(row.score(key) - largest);
      denominator += weight;
      const S kept = row.dropped(key, weight);
      for (index_type c = 0; c < row.width(); ++c) row.y()[c] += kept * row.v(key, c);
    }
    if (sees_any)
      for (index_type c = 0; c < row.width(); ++c) row.y()[c] /= denominator;
    if (call.log_sum_exp)
      call.log_sum_exp[row.query][row.head] =
          sees_any ? largest + math::log(denominator) : -std::numeric_limits<S>::infinity();
  });
}

/// The softmax's weights [heads][queries][keys], zero where masked; `call.log_sum_exp` must hold `attention`'s.
template <class Mask, class S>
constexpr void attention_probabilities(const attention_extents& extents, const attention_call<S>& call,
                                       S* probabilities) {
  detail::for_each_attention_row<Mask, S>(extents, call, [&](const detail::attention_row<Mask, S>& row) {
    S* const out = probabilities + (row.head * call.queries + row.query) * call.keys;
    for (index_type key = 0; key < call.keys; ++key) out[key] = row.sees(key) ? row.probability(key) : S{0};
  });
}

/// Gradients of `attention`, all written. With p the probabilities and g_j = dy v_j^T - dy y^T, dq = scale sum_j p_j
/// g_j k_j, dk_j = scale sum p_j g_j q, dv_j = sum p_j dy (Dao et al. 2022, appendix B.2). Dropout multiplies dy v_j^T
/// and the p_j of dv_j by its factor.
///
/// `call.y` and `call.log_sum_exp` hold the results of `attention`. dy, dq [queries][heads * head_width]; dk, dv
/// [keys][kv_heads * head_width], zero for keys that no query sees.
template <class Mask, class S>
constexpr void attention_back(const attention_extents& extents, const attention_call<S>& call, rows_view<const S> dy,
                              rows_view<S> dq, rows_view<S> dk, rows_view<S> dv) {
  const S scale = static_cast<S>(extents.scale);
  for (index_type key = 0; key < call.keys; ++key)
    for (index_type c = 0; c < extents.kv_heads * extents.head_width; ++c) dk[key][c] = dv[key][c] = S{0};
  detail::for_each_attention_row<Mask, S>(extents, call, [&](const detail::attention_row<Mask, S>& row) {
    const index_type q_column = row.head * row.width(), k_column = row.kv_head() * row.width();
    const S* const dy_row = dy[row.query] + q_column;
    S* const dq_row = dq[row.query] + q_column;
    S dy_dot_y{0};
    for (index_type c = 0; c < row.width(); ++c) {
      dy_dot_y += dy_row[c] * row.y()[c];
      dq_row[c] = S{0};
    }
    for (index_type key = row.first_key(); key < row.end_key(); ++key) {
      if (!row.sees(key)) continue;
      const S probability = row.probability(key), kept = row.dropped(key, probability);
      S dy_dot_v{0};
      // forward: row.y()[c] += kept * row.v(key, c), and y /= denominator
      for (index_type c = 0; c < row.width(); ++c) {
        dy_dot_v += dy_row[c] * row.v(key, c);
        dv[key][k_column + c] += kept * dy_row[c];
      }
      // forward: weight = math::exp(row.score(key) - largest)
      const S dscore = row.back_through_rule(key, probability * (row.dropped(key, dy_dot_v) - dy_dot_y));
      // forward: sum += q()[c] * k(key, c), and score = scale * sum
      for (index_type c = 0; c < row.width(); ++c) {
        dq_row[c] += scale * dscore * row.k(key, c);
        dk[key][k_column + c] += scale * dscore * row.q()[c];
      }
    }
  });
}

}  // namespace typeformer::reference
