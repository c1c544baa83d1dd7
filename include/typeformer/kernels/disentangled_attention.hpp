// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <limits>
#include <type_traits>

#include <typeformer/kernels/detail/for_each_head.hpp>
#include <typeformer/kernels/detail/row_blocks.hpp>
#include <typeformer/reference/disentangled_attention.hpp>
#include <typeformer/simd/math.hpp>

namespace typeformer::kernels::inline TYPEFORMER_ISA {

namespace detail {

/// One head of one query, against a few keys at a time with an online softmax.
class disentangled_query {
 public:
  disentangled_query(const attention_extents& extents, const disentangled_attention_call<float>& call, index_type head,
                     index_type query)
      : call_{call},
        width_{extents.head_width},
        column_{head * extents.head_width},
        query_{query},
        scale_{static_cast<float>(extents.scale)},
        is_hidden_{call.valid && !call.valid[query]} {}

  /// Returns the logarithm of the softmax's denominator.
  float attend() const {
    constexpr index_type most = 64;
    float* const y = call_.y[query_] + column_;
    float weights[most], largest = -std::numeric_limits<float>::infinity(), denominator = 0;
    for_each_pack(width_, [&](index_type c, auto n) { store(pack(0.0f), y + c, n); });
    for (index_type first = 0; first < call_.tokens; first += most) {
      const index_type count = (std::min)(most, call_.tokens - first);
      float top = largest;
      for (index_type i = 0; i < count; ++i) top = (std::max)(top, weights[i] = score(first + i));
      if (top == -std::numeric_limits<float>::infinity()) continue;
      if (const float rescale = __builtin_expf(largest - top); rescale != 1) {
        denominator *= rescale;
        for_each_pack(width_, [&](index_type c, auto n) { store(load(y + c, n) * pack(rescale), y + c, n); });
      }
      largest = top;
      denominator += sum_over(count, [&](index_type i, auto n) {
        const pack weight = exp(load(weights + i, n) - pack(top));
        store(weight, weights + i, n);
        return weight;
      });
      for (index_type i = 0; i < count; ++i) {
        if (weights[i] == 0) continue;  // values of hidden keys are not read
        const float* const v = call_.v[first + i] + column_;
        for_each_pack(width_, [&](index_type c, auto n) {
          store(fma(pack(weights[i]), load(v + c, n), load(y + c, n)), y + c, n);
        });
      }
    }
    const pack factor(1.0f / denominator);
    for_each_pack(width_, [&](index_type c, auto n) { store(load(y + c, n) * factor, y + c, n); });
    return largest + __builtin_logf(denominator);
  }

 private:
  using pack = simd::pack<float>;

  float score(index_type key) const {
    if (is_hidden_) return 0;
    if (call_.valid && !call_.valid[key]) return -std::numeric_limits<float>::infinity();
    const float *const q = call_.q[query_] + column_, *const k = call_.k[key] + column_;
    const float *const a = of_distance(call_.distance_keys, key), *const b = of_distance(call_.distance_queries, key);
    return scale_ * sum_over(width_, [&](index_type c, auto n) {
             const pack content = load(k + c, n), keys = a ? content + load(a + c, n) : content;
             const pack product = load(q + c, n) * keys;
             return b ? fma(content, load(b + c, n), product) : product;
           });
  }
  const float* of_distance(rows_view<const float> rows, index_type key) const {
    return rows ? rows[call_.row_of[query_ - key]] + column_ : nullptr;
  }

  const disentangled_attention_call<float>& call_;
  index_type width_, column_, query_;
  float scale_;
  bool is_hidden_;
};

}  // namespace detail

/// `reference::disentangled_attention`, same operands. The heads are shared among the workers.
///
/// Cost: up to 4 tokens² * head_width multiply-adds per head.
template <class S, Workers W>
constexpr void disentangled_attention(const attention_extents& extents, const disentangled_attention_call<S>& call,
                                      const W& workers) {
  if constexpr (std::is_same_v<S, float>)
    if (!std::is_constant_evaluated())
      return detail::for_each_head(
          extents.heads, extents.heads * call.tokens * call.tokens * extents.head_width, workers, [&](index_type head) {
            for (index_type query = 0; query < call.tokens; ++query) {
              const float log_sum_exp = detail::disentangled_query{extents, call, head, query}.attend();
              if (call.log_sum_exp) call.log_sum_exp[query][head] = log_sum_exp;
            }
          });
  reference::disentangled_attention<S>(extents, call);
}

}  // namespace typeformer::kernels::inline TYPEFORMER_ISA
