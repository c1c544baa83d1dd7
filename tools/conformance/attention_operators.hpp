// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <optional>

#include <typeformer/kernels/attention.hpp>
#include <typeformer/kernels/attention_back.hpp>
#include <typeformer/kernels/rotary.hpp>

#include "distance_bias.hpp"

namespace typeformer::conformance {

template <class S> numbers<S> rows_by_head(const given_tensor<S>& t) {
  if (t.rank() != 4) throw wrong_case("a tensor is not [batch][heads][length][width]");
  return exchange_heads(t.values, t.shape, true);
}

/// How queries and keys are rotated.
struct rotation {
  rotary_pairing pairing = rotary_pairing::half_split;
  index_type width = 0;
  double theta = 10000;

  template <class S>
  numbers<S> turn(const numbers<S>& x, const std::vector<std::int32_t>& positions, index_type heads,
                  index_type head_width, bool inverse) const {
    const auto rows = static_cast<index_type>(positions.size());
    numbers<S> table = zeros<S>(rows * width), y(x.size());
    reference::rotary_table<S>(rows, positions.data(), width, theta, table.data());
    const auto with = [&]<rotary_pairing P>(std::integral_constant<rotary_pairing, P>) {
      kernels::rotate<P, S>(rows, heads, head_width, width, table.data(), in(x, heads * head_width),
                            out(y, heads * head_width), inverse, workers);
    };
    if (pairing == rotary_pairing::adjacent) with(std::integral_constant<rotary_pairing, rotary_pairing::adjacent>{});
    else with(std::integral_constant<rotary_pairing, rotary_pairing::half_split>{});
    return y;
  }
};

inline rotation rotation_of(attributes& a, index_type head_width, rotary_pairing pairing) {
  const rotation asked{pairing, a.count("rotary_dim", head_width), a.number("theta", 10000)};
  if (asked.width < 0 || asked.width % 2 != 0 || asked.width > head_width) throw wrong_case("rotary_dim");
  return asked;
}

/// A position for every row of [batch][length]: as given, [batch][length] or [length], or counted from `first`.
inline std::vector<std::int32_t> positions_of(given_case& c, index_type batch, index_type length, index_type first) {
  std::vector<std::int32_t> positions;
  if (c.has("in.positions")) {
    positions = c.get_ids("in.positions").values;
    if (static_cast<index_type>(positions.size()) == length)
      for (index_type b = 1; b < batch; ++b)
        for (index_type t = 0; t < length; ++t) positions.push_back(positions[static_cast<std::size_t>(t)]);
    if (static_cast<index_type>(positions.size()) != batch * length) throw wrong_case("extents of in.positions");
    return positions;
  }
  for (index_type row = 0; row < batch * length; ++row)
    positions.push_back(static_cast<std::int32_t>(first + row % length));
  return positions;
}

template <class S> void compute_rope_half(given_case& c, attributes& a, tensors& results) {
  const index_type first = a.count("first_position");
  for (const std::string name : {"q", "k"}) {
    if (!c.has("in." + name)) continue;
    const auto x = c.get<S>("in." + name);
    const numbers<S> by_row = rows_by_head(x);
    const index_type heads = x.extent(1), width = x.extent(3);
    const auto positions = positions_of(c, x.extent(0), x.extent(2), first);
    const rotation turns = rotation_of(a, width, rotary_pairing::half_split);
    const auto turned = [&](const numbers<S>& rows, bool inverse) {
      return exchange_heads(turns.turn(rows, positions, heads, width, inverse), x.shape, false);
    };
    put_like(results, "out." + name + "_rot", x, turned(by_row, false));
    if (c.has("gout." + name + "_rot"))
      put_like(results, "grad." + name, x, turned(rows_by_head(c.get_like<S>("gout." + name + "_rot", x.shape)), true));
  }
}

template <class S> void compute_rope_interleaved(given_case& c, attributes& a, tensors& results) {
  const auto x = c.get<S>("in.x");  // [batch][length][heads][width], which are rows already
  if (x.rank() != 4) throw wrong_case("in.x is not [batch][length][heads][width]");
  const auto positions = positions_of(c, x.extent(0), x.extent(1), a.count("first_position"));
  const rotation turns = rotation_of(a, x.extent(3), rotary_pairing::adjacent);
  const auto turned = [&](const given_tensor<S>& rows, bool inverse) {
    return turns.turn(rows.values, positions, x.extent(2), x.extent(3), inverse);
  };
  put_like(results, "out.y", x, turned(x, false));
  if (c.has("gout.y")) put_like(results, "grad.x", x, turned(c.get_like<S>("gout.y", x.shape), true));
}

/// A sliding window whose size is in the case.
struct given_window_mask {
  static inline index_type window = 1;
  static index_type first_key(index_type position, index_type) { return position < window ? 0 : position - window + 1; }
  static index_type end_key(index_type position, index_type keys) { return position < keys ? position + 1 : keys; }
};

/// Which keys a query sees, [queries][keys] of one sequence, without the padding.
struct visible_keys {
  index_type queries, keys;
  std::vector<std::uint8_t> sees;

  const std::uint8_t* of(index_type query) const { return sees.data() + query * keys; }
  template <class Mask> bool is(index_type past) const {
    for (index_type query = 0; query < queries; ++query)
      for (index_type key = 0; key < keys; ++key)
        if ((of(query)[key] != 0) !=
            (key >= Mask::first_key(past + query, keys) && key < Mask::end_key(past + query, keys)))
          return false;
    return true;
  }
};

/// in.allow, [queries][keys] or with axes of batch and head before them; otherwise what the attributes and the name
/// say.
inline visible_keys visible_keys_of(given_case& c, attributes& a, const std::string& name, index_type sequence,
                                    index_type batch, index_type queries, index_type keys, index_type past) {
  visible_keys visible{queries, keys, std::vector<std::uint8_t>(static_cast<std::size_t>(queries * keys), 1)};
  const bool causal =
      a.flag("causal", a.flag("is_causal", name.find("causal") != std::string::npos || a.has("window")));
  const index_type window = a.count("window", keys + past + queries);
  if (!c.has("in.allow")) {
    if (causal)
      for (index_type q = 0; q < queries; ++q)
        for (index_type k = 0; k < keys; ++k)
          visible.sees[static_cast<std::size_t>(q * keys + k)] = k <= past + q && k > past + q - window;
    return visible;
  }
  const auto allow = c.get_ids<std::uint8_t>("in.allow");
  const index_type of_sequence = queries * keys;
  if (allow.rank() > 3 && allow.extent(-3) != 1) throw not_supported("in.allow of every head");
  if (allow.size() != of_sequence && allow.size() != batch * of_sequence) throw wrong_case("extents of in.allow");
  const index_type first = allow.size() == of_sequence ? 0 : sequence * of_sequence;
  visible.sees.assign(allow.values.begin() + first, allow.values.begin() + first + of_sequence);
  return visible;
}

/// One sequence of an attention in the form that the mask allows: whole if the kernels have the mask, otherwise query
/// by query with the visible keys as the valid ones. A call that has a rule follows it.
template <class S> struct attention_pass {
  const attention_extents& extents;
  attention_call<S> call;
  const visible_keys& visible;
  const std::uint8_t* padding;
  rows_view<const S> dy;
  rows_view<S> dq, dk, dv;
  S* probabilities;

  void run() {
    const index_type past = call.past;
    if (visible.template is<full_mask>(past)) return with_or_without_rule<full_mask>();
    if (visible.template is<causal_mask>(past)) return with_or_without_rule<causal_mask>();
    given_window_mask::window = 0;
    for (index_type key = 0; key < call.keys; ++key) given_window_mask::window += visible.of(call.queries - 1)[key];
    if (given_window_mask::window > 0 && visible.template is<given_window_mask>(past))
      return with_or_without_rule<given_window_mask>();
    if (call.rule) query_by_query<with_rule<full_mask>>();
    else query_by_query<full_mask>();
  }

 private:
  template <class Mask> void with_or_without_rule() {
    if (call.rule) whole<with_rule<Mask>>();
    else whole<Mask>();
  }
  template <class Mask> void whole() {
    call.key_valid = padding;
    kernels::attention<Mask, S>(extents, call, workers);
    reference::attention_probabilities<Mask, S>(extents, call, probabilities);
    if (dy) kernels::attention_back<Mask, S>(extents, call, dy, dq, dk, dv, workers);
  }
  template <class Mask> void query_by_query() {
    const index_type width = extents.kv_heads * extents.head_width;
    numbers<S> dk_one = zeros<S>(call.keys * width), dv_one = dk_one, seen = zeros<S>(extents.heads * call.keys);
    std::vector<std::uint8_t> valid(static_cast<std::size_t>(call.keys));
    for (index_type query = 0; query < call.queries; ++query) {
      for (index_type key = 0; key < call.keys; ++key)
        valid[static_cast<std::size_t>(key)] = visible.of(query)[key] && (!padding || padding[key]);
      attention_call<S> one = call;
      one.queries = 1;
      one.past = call.past + query;
      one.q = call.q.from(query);
      one.y = call.y.from(query);
      one.log_sum_exp = call.log_sum_exp.from(query);
      one.key_valid = valid.data();
      kernels::attention<Mask, S>(extents, one, workers);
      reference::attention_probabilities<Mask, S>(extents, one, seen.data());
      for (index_type head = 0; head < extents.heads; ++head)
        std::copy_n(seen.data() + head * call.keys, call.keys,
                    probabilities + (head * call.queries + query) * call.keys);
      if (!dy) continue;
      kernels::attention_back<Mask, S>(extents, one, dy.from(query), dq.from(query), out(dk_one, width),
                                       out(dv_one, width), workers);
      for (index_type i = 0; i < call.keys * width; ++i) {
        dk.data[i] += dk_one[static_cast<std::size_t>(i)];
        dv.data[i] += dv_one[static_cast<std::size_t>(i)];
      }
    }
  }
};

template <class S> void compute_attention(given_case& c, attributes& a, tensors& results, const std::string& name) {
  const auto q_given = c.get<S>("in.q"), k_given = c.get<S>("in.k"), v_given = c.get<S>("in.v");
  auto q = rows_by_head(q_given), k = rows_by_head(k_given);
  const auto v = rows_by_head(v_given);
  const index_type batch = q_given.extent(0), heads = q_given.extent(1), queries = q_given.extent(2),
                   head_width = q_given.extent(3), kv_heads = k_given.extent(1), keys = k_given.extent(2),
                   width = heads * head_width, kv_width = kv_heads * head_width;
  if (v_given.extent(3) != head_width) throw not_supported("values of another width than the keys");
  if (k_given.shape != v_given.shape || k_given.extent(3) != head_width || k_given.extent(0) != batch ||
      kv_heads == 0 || heads % kv_heads != 0 || a.count("kv_heads", kv_heads) != kv_heads)
    throw wrong_case("extents of in.q, in.k and in.v");
  const index_type past = a.count("past_length", 0);
  const attention_extents extents{heads, kv_heads, head_width,
                                  a.number("scale", 1 / std::sqrt(static_cast<double>(head_width)))};
  std::vector<std::uint8_t> key_valid;
  if (c.has("in.key_padding")) {
    key_valid = c.get_ids<std::uint8_t>("in.key_padding").values;
    if (static_cast<index_type>(key_valid.size()) != batch * keys) throw wrong_case("extents of in.key_padding");
  }

  std::optional<rotation> turns;
  std::vector<std::int32_t> q_positions, k_positions;
  if (a.has("theta") || name.find("rope") != std::string::npos) {
    const bool adjacent = name.find("interleaved") != std::string::npos;
    turns = rotation_of(a, head_width, adjacent ? rotary_pairing::adjacent : rotary_pairing::half_split);
    const index_type first = a.count("first_position");
    if (c.has("in.positions") && queries != keys) throw not_supported("in.positions with cached keys");
    k_positions = positions_of(c, batch, keys, first);
    q_positions = positions_of(c, batch, queries, first + past);
    q = turns->turn(q, q_positions, heads, head_width, false);
    k = turns->turn(k, k_positions, kv_heads, head_width, false);
  }

  distance_bias<S> bias(c, a, heads, queries, keys, past);
  const score_rule<S> rule = bias.rule();

  const bool back = c.has("gout.y");
  const auto dy = back ? rows_by_head(c.get_like<S>("gout.y", q_given.shape)) : numbers<S>{};
  const index_type key_head_stride = key_panels_size(keys, head_width);
  numbers<S> panels = zeros<S>(kv_heads * key_head_stride), y(q.size()), dq(q.size()), dk(k.size()), dv(v.size()),
             log_sum_exp = zeros<S>(batch * queries * heads), probabilities = zeros<S>(batch * heads * queries * keys);
  for (index_type b = 0; b < batch; ++b) {
    kernels::store_keys<S>(keys, extents, in(k, kv_width).from(b * keys), 0, panels.data(), key_head_stride, workers);
    const visible_keys visible = visible_keys_of(c, a, name, b, batch, queries, keys, past);
    attention_pass<S>{extents,
                      {queries, past, keys, in(q, width).from(b * queries), panels.data(), key_head_stride,
                       in(v, kv_width).from(b * keys), nullptr, out(y, width).from(b * queries),
                       out(log_sum_exp, heads).from(b * queries), rule.bias ? &rule : nullptr},
                      visible,
                      key_valid.empty() ? nullptr : key_valid.data() + b * keys,
                      back ? in(dy, width).from(b * queries) : rows_view<const S>{},
                      out(dq, width).from(b * queries),
                      out(dk, kv_width).from(b * keys),
                      out(dv, kv_width).from(b * keys),
                      probabilities.data() + b * heads * queries * keys}
        .run();
  }
  put_like(results, "out.y", q_given, exchange_heads(y, q_given.shape, false));
  put(results, "out.probs", {batch, heads, queries, keys}, probabilities);
  bias.put_bias(results);
  if (!back) return;
  bias.put_gradient(results);
  if (turns) {
    dq = turns->turn(dq, q_positions, heads, head_width, true);
    dk = turns->turn(dk, k_positions, kv_heads, head_width, true);
  }
  put_like(results, "grad.q", q_given, exchange_heads(dq, q_given.shape, false));
  put_like(results, "grad.k", k_given, exchange_heads(dk, k_given.shape, false));
  put_like(results, "grad.v", v_given, exchange_heads(dv, k_given.shape, false));
}

}  // namespace typeformer::conformance
