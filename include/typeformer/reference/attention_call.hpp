// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/shape/shape.hpp>
#include <typeformer/shape/views.hpp>

namespace typeformer {

/// The number of query heads and of key-value heads, the width of each, and the factor of the scores.
///
/// Query head h reads key-value head h / (heads / kv_heads). Precondition: kv_heads divides heads.
struct attention_extents {
  index_type heads, kv_heads, head_width;
  double scale;

  constexpr index_type kv_head_of(index_type head) const { return head / (heads / kv_heads); }
};

/// What changes the scores of an attention beside their scale, with the numbers of one call.
///
/// A score s becomes cap · tanh(s / cap) (Gemma Team 2024, arXiv:2408.00118, §2), then bias(head, key - position) is
/// added. It is bias[head * bias_stride + bias_zero + distance] for every distance from a query to a key; `key_block`
/// more must be readable. dbias, its gradient, accumulates.
template <class S> struct score_rule {
  index_type window = 0;  ///< the query at position p sees no key before p - window + 1; 0: all
  index_type prefix = 0;  ///< number of first keys that every query sees, even those after it
  S soft_cap{0};          ///< 0: none
  const S* bias = nullptr;
  index_type bias_stride = 0, bias_zero = 0;
  S* dbias = nullptr;
  index_type window_ahead = 0;  ///< the query at position p sees no key after p + window_ahead - 1; 0: all
  index_type chunk = 0;         ///< a query sees the keys of its own chunk of so many; 0: all
  index_type chunk_from = 0;    ///< the key with which the first chunk begins

  /// The keys [first, end) of the chunk of the query at position p. Those before the first chunk are one of their own.
  constexpr index_type first_of_chunk(index_type p) const { return p < chunk_from ? 0 : p - (p - chunk_from) % chunk; }
  constexpr index_type end_of_chunk(index_type p) const {
    return p < chunk_from ? chunk_from : first_of_chunk(p) + chunk;
  }
  constexpr index_type bias_at(index_type head, index_type distance) const {
    return head * bias_stride + bias_zero + distance;
  }
};

/// Every query sees every key.
struct full_mask {
  static constexpr index_type first_key(index_type, index_type) { return 0; }
  static constexpr index_type end_key(index_type, index_type keys) { return keys; }
};

/// The query at key position p sees the keys up to p.
struct causal_mask {
  static constexpr index_type first_key(index_type, index_type) { return 0; }
  static constexpr index_type end_key(index_type position, index_type keys) {
    return position < keys ? position + 1 : keys;
  }
};

/// The query at key position p sees its last `Window` keys: p - Window < key <= p.
template <index_type Window> struct sliding_window_mask {
  static constexpr index_type first_key(index_type position, index_type) {
    return position < Window ? 0 : position - Window + 1;
  }
  static constexpr index_type end_key(index_type position, index_type keys) {
    return position < keys ? position + 1 : keys;
  }
};

/// `Mask` for a call that has a `score_rule`.
template <class Mask> struct with_rule : Mask {};

template <class Mask> inline constexpr bool has_rule = false;
template <class Mask> inline constexpr bool has_rule<with_rule<Mask>> = true;

/// The offset of column 0 of key `key` within its head's panels. Column c is c * key_block further.
constexpr index_type key_offset(index_type key, index_type head_width) {
  return key / key_block * head_width * key_block + key % key_block;
}

/// The operands of one attention over one sequence. Query i is at key position `past` + i.
///
/// q, y [queries][heads * head_width]; v [keys][kv_heads * head_width]; keys in panels [kv_heads][blocks][head_width]
/// [key_block], head h at `key_panels + h * key_head_stride`; key_valid [keys] or null; log_sum_exp [queries][heads],
/// with null data if it is not wanted.
template <class S> struct attention_call {
  index_type queries, past, keys;
  rows_view<const S> q;
  const S* key_panels;
  index_type key_head_stride;
  rows_view<const S> v;
  const std::uint8_t* key_valid;
  rows_view<S> y;
  rows_view<S> log_sum_exp;
  const score_rule<S>* rule = nullptr;  ///< for a mask `with_rule`

  constexpr S key_at(index_type kv_head, index_type head_width, index_type key, index_type column) const {
    return key_panels[kv_head * key_head_stride + key_offset(key, head_width) + column * key_block];
  }
  constexpr S value_at(index_type kv_head, index_type head_width, index_type key, index_type column) const {
    return v[key][kv_head * head_width + column];
  }
};

/// The keys [first, end) that a query may see.
template <class Mask, class S> constexpr index_type first_key_of(const attention_call<S>& call, index_type query) {
  const index_type position = call.past + query, first = Mask::first_key(position, call.keys);
  if constexpr (has_rule<Mask>) {
    const index_type window = call.rule->window,
                     of_window = window > 0 && position - window + 1 > first ? position - window + 1 : first,
                     of_chunk = call.rule->chunk > 0 ? call.rule->first_of_chunk(position) : 0;
    return of_chunk > of_window ? of_chunk : of_window;
  } else {
    return first;
  }
}
template <class Mask, class S> constexpr index_type end_key_of(const attention_call<S>& call, index_type query) {
  const index_type position = call.past + query, end = Mask::end_key(position, call.keys);
  if constexpr (has_rule<Mask>) {
    const index_type prefix = call.rule->prefix < call.keys ? call.rule->prefix : call.keys;
    const index_type ahead = call.rule->window_ahead;
    const index_type of_window = ahead > 0 && position + ahead < end ? position + ahead : end,
                     seen = prefix > of_window ? prefix : of_window,
                     of_chunk = call.rule->chunk > 0 ? call.rule->end_of_chunk(position) : seen;
    return of_chunk < seen ? of_chunk : seen;
  } else {
    return end;
  }
}

/// Elements of one head's panels for `keys` keys: the smallest useful `key_head_stride`.
constexpr index_type key_panels_size(index_type keys, index_type head_width) {
  return (keys + key_block - 1) / key_block * key_block * head_width;
}

/// `Mask` for a `dropping_attention_call`, which drops probabilities in training; see
/// `reference/attention_dropout.hpp`.
template <class Mask> struct with_dropout : Mask {};

template <class Mask> inline constexpr bool drops_probabilities = false;
template <class Mask> inline constexpr bool drops_probabilities<with_dropout<Mask>> = true;
template <class Mask> inline constexpr bool has_rule<with_dropout<Mask>> = has_rule<Mask>;

struct probability_dropout;
template <class S> constexpr const probability_dropout& dropout_of(const attention_call<S>& call);

}  // namespace typeformer
