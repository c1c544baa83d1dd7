// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <limits>

#include <typeformer/reference/soft_cap.hpp>

#include "attention_operators.hpp"
#include "onnx_row_operators.hpp"

namespace typeformer::conformance {

/// Queries, keys or values, [batch][heads][length][width].
struct heads_of_rows {
  index_type batch, heads, length, width;
  numbers<float> values;

  index_type size_of_head() const { return length * width; }
  const float* of(index_type b, index_type head) const { return values.data() + (b * heads + head) * size_of_head(); }
  std::vector<std::int64_t> shape() const { return {batch, heads, length, width}; }
};

/// Four axes, or three with the heads side by side in the last.
inline heads_of_rows heads_in(const given_tensor<float>& x, std::int64_t heads) {
  if (x.rank() == 4) return {x.extent(0), x.extent(1), x.extent(2), x.extent(3), x.values};
  if (x.rank() != 3 || heads < 1 || x.width() % heads != 0) throw wrong_case("extents of queries, keys or values");
  heads_of_rows split{x.extent(0), heads, x.extent(1), x.width() / heads, {}};
  split.values = exchange_heads(x.values, {split.batch, split.heads, split.length, split.width}, false);
  return split;
}

/// The past's rows before the present ones, head by head.
inline heads_of_rows joined(const heads_of_rows& past, const heads_of_rows& present) {
  if (past.batch != present.batch || past.heads != present.heads || past.width != present.width)
    throw wrong_case("extents of the past");
  heads_of_rows all{present.batch, present.heads, past.length + present.length, present.width, {}};
  for (index_type b = 0; b < all.batch; ++b)
    for (index_type head = 0; head < all.heads; ++head) {
      all.values.insert(all.values.end(), past.of(b, head), past.of(b, head) + past.size_of_head());
      all.values.insert(all.values.end(), present.of(b, head), present.of(b, head) + present.size_of_head());
    }
  return all;
}

/// The numbers that are added to the scores, [batch][heads][queries][keys]: 0, a number of the mask, or minus infinity.
struct score_bias {
  index_type batch, heads, queries, keys;
  numbers<float> values;

  static constexpr float hidden = -std::numeric_limits<float>::infinity();

  score_bias(index_type batch_size, index_type head_count, index_type query_count, index_type key_count)
      : batch{batch_size},
        heads{head_count},
        queries{query_count},
        keys{key_count},
        values(zeros<float>(batch * heads * queries * keys)) {}

  template <class F> void for_each(F&& f) {
    for (index_type b = 0, i = 0; b < batch; ++b)
      for (index_type h = 0; h < heads; ++h)
        for (index_type q = 0; q < queries; ++q)
          for (index_type k = 0; k < keys; ++k, ++i) f(values[static_cast<std::size_t>(i)], b, h, q, k);
  }
  const float* row(index_type b, index_type head, index_type query) const {
    return values.data() + ((b * heads + head) * queries + query) * keys;
  }
  bool hides_all(index_type b, index_type head, index_type query) const {
    const float* const of = row(b, head, query);
    return std::all_of(of, of + keys, [](float number) { return number == hidden; });
  }
  /// Whether it is the same for every head, and only 0 and minus infinity.
  bool is_visibility(index_type b) const {
    for (index_type head = 0; head < heads; ++head)
      for (index_type i = 0; i < queries * keys; ++i) {
        const float number = row(b, head, 0)[i];
        if ((number != 0 && number != hidden) || number != row(b, 0, 0)[i]) return false;
      }
    return true;
  }
};

/// A mask with fewer axes is broadcast over the missing ones. Keys after its end are hidden.
inline void add_mask(onnx_case& c, unsigned input, score_bias& bias) {
  given_tensor<float> mask;
  if (c.element_type(input) == "BOOL") {
    const auto allowed = c.get_integers(input);
    mask.shape = allowed.shape;
    for (const std::int64_t sees : allowed.values) mask.values.push_back(sees ? 0 : score_bias::hidden);
  } else {
    mask = c.get(input);
  }
  if (mask.rank() < 1 || mask.rank() > 4) throw wrong_case("axes of the mask");
  mask.shape.insert(mask.shape.begin(), static_cast<std::size_t>(4 - mask.rank()), 1);
  const index_type extents[] = {mask.extent(0), mask.extent(1), mask.extent(2), mask.extent(3)};
  const index_type asked[] = {bias.batch, bias.heads, bias.queries};
  for (int axis = 0; axis < 3; ++axis)
    if (extents[axis] != 1 && extents[axis] != asked[axis]) throw wrong_case("extents of the mask");
  if (extents[3] > bias.keys) throw wrong_case("extents of the mask");
  bias.for_each([&](float& number, index_type b, index_type h, index_type q, index_type k) {
    const auto at = [&](int axis, index_type place) { return extents[axis] == 1 ? 0 : place; };
    if (k >= extents[3]) number = score_bias::hidden;
    else
      number += mask.values[static_cast<std::size_t>(
          ((at(0, b) * extents[1] + at(1, h)) * extents[2] + at(2, q)) * extents[3] + k)];
  });
}

/// The distance of the first query after the first key, for each sequence.
inline std::vector<index_type> first_query_places(onnx_case& c, index_type batch, index_type past, index_type queries,
                                                  const std::vector<std::int64_t>& valid_keys) {
  std::vector<index_type> places(static_cast<std::size_t>(batch), past);
  if (!c.has(4) && !valid_keys.empty())
    for (std::size_t b = 0; b < places.size(); ++b) places[b] = valid_keys[b] - queries;
  return places;
}

inline void hide_keys(onnx_case& c, score_bias& bias, const std::vector<index_type>& places,
                      const std::vector<std::int64_t>& valid_keys) {
  attributes& a = c.attribute();
  const bool causal = a.flag("is_causal");
  const std::int64_t left = a.count("left_window_size", -1), right = a.count("right_window_size", -1);
  bias.for_each([&](float& number, index_type b, index_type, index_type q, index_type k) {
    const index_type ahead = k - (q + places[static_cast<std::size_t>(b)]);
    if ((causal && ahead > 0) || (right >= 0 && ahead > right) || (left >= 0 && -ahead > left) ||
        (!valid_keys.empty() && k >= valid_keys[static_cast<std::size_t>(b)]))
      number = score_bias::hidden;
  });
}

/// The values as a matrix [width][keys].
struct values_by_column {
  const float* data;
  index_type outputs, inputs;
  float operator()(index_type column, index_type key) const { return data[key * outputs + column]; }
};

/// One head: scores, soft cap, bias, softmax, values. Each stage is kept if `wanted` says so.
struct attended_head {
  numbers<float> y, kept;

  attended_head(const heads_of_rows& q, const heads_of_rows& k, const heads_of_rows& v, const score_bias& bias,
                index_type b, index_type head, float scale, float cap, std::int64_t wanted)
      : y(zeros<float>(q.length * v.width)) {
    const index_type kv_head = head / (q.heads / k.heads), keys = k.length;
    numbers<float> scores = zeros<float>(q.length * keys);
    const row_major_view<const float> all_keys{k.of(b, kv_head), keys, k.width};
    reference::linear<float>(q.length, {q.of(b, head), q.width}, all_keys, nullptr, out(scores, keys));
    for (float& score : scores) score *= scale;
    if (wanted == 0) kept = scores;
    if (cap > 0) reference::soft_cap<float>(q.length, keys, in(scores, keys), cap, out(scores, keys));
    if (wanted == 1) kept = scores;
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += bias.row(b, head, 0)[i];
    if (wanted == 2) kept = scores;
    for (index_type query = 0; query < q.length; ++query) {
      const rows_view<float> row = out(scores, keys).from(query);
      if (bias.hides_all(b, head, query)) std::fill_n(row.data, keys, 0.0f);
      else reference::softmax<float>(1, keys, row, row);
    }
    if (wanted == 3) kept = scores;
    reference::linear<float>(q.length, in(scores, keys), values_by_column{v.of(b, kv_head), v.width, keys}, nullptr,
                             out(y, v.width));
  }
};

/// One sequence by the library's attention, if bias and soft cap can be expressed by masks; [queries][heads * width].
inline numbers<float> attended_by_kernel(const heads_of_rows& q, const heads_of_rows& k, const heads_of_rows& v,
                                         const score_bias& bias, index_type b, index_type past, double scale) {
  const attention_extents extents{q.heads, k.heads, q.width, scale};
  const index_type width = q.heads * q.width, kv_width = k.heads * k.width, stride = key_panels_size(k.length, k.width);
  const auto rows_of = [b](const heads_of_rows& x) {
    return exchange_heads(numbers<float>(x.of(b, 0), x.of(b, 0) + x.heads * x.size_of_head()),
                          {1, x.heads, x.length, x.width}, true);
  };
  const numbers<float> queries = rows_of(q), keys = rows_of(k), values = rows_of(v);
  numbers<float> panels = zeros<float>(k.heads * stride), y(queries.size()),
                 log_sum_exp = zeros<float>(q.length * q.heads),
                 probabilities = zeros<float>(q.heads * q.length * k.length);
  kernels::store_keys<float>(k.length, extents, in(keys, kv_width), 0, panels.data(), stride, workers);
  visible_keys visible{q.length, k.length, {}};
  for (index_type i = 0; i < q.length * k.length; ++i) visible.sees.push_back(bias.row(b, 0, 0)[i] == 0);
  const index_type place = past < 0 ? 0 : past;
  attention_pass<float>{extents,
                        {q.length, place, k.length, in(queries, width), panels.data(), stride, in(values, kv_width),
                         nullptr, out(y, width), out(log_sum_exp, q.heads)},
                        visible,
                        nullptr,
                        {},
                        {},
                        {},
                        {},
                        probabilities.data()}
      .run();
  return y;
}

/// ONNX's attention: soft cap before the mask, causal from the end of the past keys, 0 if nothing is seen.
inline void compute_onnx_attention(onnx_case& c) {
  attributes& a = c.attribute();
  const std::int64_t q_heads = a.count("q_num_heads", 0), kv_heads = a.count("kv_num_heads", 0);
  const std::int64_t wanted = c.wants(3) ? a.count("qk_matmul_output_mode", 0) : -1;
  a.ignore("qk_matmul_output_mode");
  const std::int64_t float_number = 1, double_number = 11, precision = a.count("softmax_precision", float_number);
  if (precision != float_number && precision != double_number) throw not_supported("softmax_precision of 16 bits");
  if (c.element_type(0) == "BFLOAT16") throw not_supported("arithmetic in BFLOAT16");  // ours is in float
  const auto given_q = c.get(0);
  const heads_of_rows q = heads_in(given_q, q_heads);
  heads_of_rows k = heads_in(c.get(1), kv_heads), v = heads_in(c.get(2), kv_heads);
  index_type past = 0;
  if (c.has(4)) {
    const heads_of_rows past_keys = heads_in(c.get(4), 0), past_values = heads_in(c.get(5), 0);
    past = past_keys.length;
    k = joined(past_keys, k);
    v = joined(past_values, v);
  }
  if (k.length != v.length || k.width != q.width || k.heads != v.heads || k.heads < 1 || q.heads % k.heads != 0 ||
      k.batch != q.batch || v.batch != q.batch)
    throw wrong_case("extents of queries, keys and values");
  const auto valid_keys = c.has(6) ? c.get_integers(6).values : std::vector<std::int64_t>{};
  if (c.has(6) && static_cast<index_type>(valid_keys.size()) != q.batch) throw wrong_case("extents of the key counts");

  score_bias bias(q.batch, q.heads, q.length, k.length);
  if (c.has(3)) add_mask(c, 3, bias);
  const auto places = first_query_places(c, q.batch, past, q.length, valid_keys);
  hide_keys(c, bias, places, valid_keys);
  const double scale = a.number("scale", 1 / std::sqrt(static_cast<double>(q.width)));
  const auto cap = static_cast<float>(a.number("softcap", 0));

  numbers<float> y, kept;
  for (index_type b = 0; b < q.batch; ++b) {
    for (index_type head = 0; head < q.heads; ++head) {
      const attended_head one(q, k, v, bias, b, head, static_cast<float>(scale), cap, wanted);
      y.insert(y.end(), one.y.begin(), one.y.end());
      kept.insert(kept.end(), one.kept.begin(), one.kept.end());
    }
    if (cap > 0 || v.width != q.width || !bias.is_visibility(b)) continue;
    const auto rows = attended_by_kernel(q, k, v, bias, b, places[static_cast<std::size_t>(b)], scale);
    const auto by_head = exchange_heads(rows, {1, q.heads, q.length, q.width}, false);
    std::copy(by_head.begin(), by_head.end(), y.end() - static_cast<index_type>(by_head.size()));
  }
  if (given_q.rank() == 4) c.put(0, {q.batch, q.heads, q.length, v.width}, y);
  else c.put(0, {q.batch, q.length, q.heads * v.width}, exchange_heads(y, {q.batch, q.heads, q.length, v.width}, true));
  c.put(1, k.shape(), k.values);
  c.put(2, v.shape(), v.values);
  c.put(3, {q.batch, q.heads, q.length, k.length}, kept);
}

}  // namespace typeformer::conformance
