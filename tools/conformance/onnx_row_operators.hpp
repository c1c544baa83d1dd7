// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/activations/hard_swish.hpp>
#include <typeformer/activations/mish.hpp>
#include <typeformer/kernels/rotary.hpp>

#include "onnx_case.hpp"
#include "row_operators.hpp"

// ONNX operators on rows, by the float kernels.
namespace typeformer::conformance {

/// Before operator set 13 a row is everything from the axis on.
template <bool Log> void compute_onnx_softmax(onnx_case& c) {
  auto x = c.get(0);
  const auto shape = x.shape;
  const bool flattens = c.operator_set() < 13;
  index_type axis = axis_of(c.attribute().count("axis", flattens ? 1 : -1), x.rank());
  if (flattens) {
    x.shape = {product_of(shape, 0, axis), product_of(shape, axis, x.rank())};
    axis = 1;
  }
  const index_type width = x.extent(axis);
  if (width == 0) throw wrong_case("nothing to normalize");
  const index_type rows = x.size() / width;
  const auto from = with_axis_last(x.values, x.shape, axis, false);
  numbers<float> y(from.size());
  if (Log) reference::log_softmax<float>(rows, width, in(from, width), out(y, width));
  else kernels::softmax<float>(rows, width, in(from, width), out(y, width), workers);
  c.put(0, shape, with_axis_last(y, x.shape, axis, true));
}

/// The rows of a normalization, and the shape of the statistics of each.
struct normalized_rows {
  index_type rows, width;
  float epsilon;
  std::vector<std::int64_t> statistics, normalized;

  normalized_rows(onnx_case& c, const given_tensor<float>& x) : statistics{x.shape} {
    const index_type axis = axis_of(c.attribute().count("axis", -1), x.rank());
    rows = product_of(x.shape, 0, axis);
    width = product_of(x.shape, axis, x.rank());
    epsilon = static_cast<float>(c.attribute().number("epsilon", 1e-5));
    if (c.attribute().count("stash_type", 1) != 1) throw not_supported("stash_type other than 1");
    if (width == 0) throw wrong_case("nothing to normalize");
    normalized.assign(x.shape.begin() + axis, x.shape.end());
    for (index_type a = axis; a < x.rank(); ++a) statistics[static_cast<std::size_t>(a)] = 1;
  }
};

inline void compute_onnx_layer_norm(onnx_case& c) {
  const auto x = c.get(0);
  const normalized_rows r(c, x);
  const auto weight = broadcast(c.get(1), r.normalized);
  const auto bias =
      c.has(2) ? broadcast(c.get(2), r.normalized) : given_tensor<float>{r.normalized, zeros<float>(r.width)};
  numbers<float> y(x.values.size()), statistics = zeros<float>(2 * r.rows), mean, inverse_sigma;
  kernels::layer_norm<float>(r.rows, r.width, in(x.values, r.width), weight.values.data(), bias.values.data(),
                             r.epsilon, out(y, r.width), statistics.data(), workers);
  for (std::size_t row = 0; row < statistics.size(); row += 2) {
    mean.push_back(x.values[row / 2 * static_cast<std::size_t>(r.width)] + statistics[row]);
    inverse_sigma.push_back(statistics[row + 1]);
  }
  c.put(0, x.shape, y);
  c.put(1, r.statistics, mean);
  c.put(2, r.statistics, inverse_sigma);
}

inline void compute_onnx_rms_norm(onnx_case& c) {
  const auto x = c.get(0);
  const normalized_rows r(c, x);
  const auto weight = broadcast(c.get(1), r.normalized);
  numbers<float> y(x.values.size()), inverse_rms = zeros<float>(r.rows);
  kernels::rms_norm<float>(r.rows, r.width, in(x.values, r.width), weight.values.data(), r.epsilon, out(y, r.width),
                           inverse_rms.data(), workers);
  c.put(0, x.shape, y);
}

template <class A> numbers<float> activated(const numbers<float>& x) {
  const index_type width = static_cast<index_type>(x.size());
  numbers<float> y(x.size());
  kernels::activate<A, float>(1, width, in(x, width), out(y, width), workers);
  return y;
}
template <class A> void compute_onnx_activation(onnx_case& c) {
  const auto x = c.get(0);
  c.put(0, x.shape, activated<A>(x.values));
}
inline void compute_onnx_gelu(onnx_case& c) {
  const std::string form = c.attribute().text("approximate", "none");
  if (form == "tanh") return compute_onnx_activation<gelu_tanh>(c);
  if (form != "none") throw not_supported("approximate = " + form);
  compute_onnx_activation<gelu_erf>(c);
}

/// x sigmoid(alpha x) = silu(alpha x) / alpha, and x / 2 if alpha is 0.
inline numbers<float> swish_of(numbers<float> x, float alpha) {
  for (float& number : x) number *= alpha == 0 ? 0.5F : alpha;
  if (alpha == 0) return x;
  x = activated<silu>(x);
  for (float& number : x) number /= alpha;
  return x;
}
inline void compute_onnx_swish(onnx_case& c) {
  const auto x = c.get(0);
  c.put(0, x.shape, swish_of(x.values, static_cast<float>(c.attribute().number("alpha", 1))));
}

/// The gated unit's own kernel. Another factor in its gate uses the activation.
inline void compute_onnx_swiglu(onnx_case& c) {
  const auto gate = c.get(0), value = c.get(1);
  if (gate.shape != value.shape) throw wrong_case("gate and value have other shapes");
  const auto alpha = static_cast<float>(c.attribute().number("alpha", 1));
  const index_type width = gate.size();
  numbers<float> y = gate.values;
  if (alpha == 1) {
    numbers<float> both = gate.values;
    both.insert(both.end(), value.values.begin(), value.values.end());
    kernels::gated_activation<silu, float>(1, width, in(both, 2 * width), out(y, width), workers);
  } else {
    y = swish_of(gate.values, alpha);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] *= value.values[i];
  }
  c.put(0, gate.shape, y);
}

/// Cosines and sines are in caches, by position or for every row.
inline void compute_onnx_rotary(onnx_case& c) {
  const auto x = c.get(0), cosines = c.get(1), sines = c.get(2);
  attributes& a = c.attribute();
  const bool four_axes = x.rank() == 4, adjacent = a.flag("interleaved");
  const index_type heads = four_axes ? x.extent(1) : a.count("num_heads", 0), batch = x.extent(0),
                   length = x.extent(-2);
  if (four_axes) a.ignore("num_heads");
  if (x.rank() < 3 || x.rank() > 4 || heads < 1) throw wrong_case("extents of the input");
  const index_type head_width = x.width() / (four_axes ? 1 : heads), rows = batch * length;
  const index_type asked = a.count("rotary_embedding_dim", 0), rotary_width = asked == 0 ? head_width : asked;
  const index_type pairs = rotary_width / 2, cached = cosines.size() / (pairs > 0 ? pairs : 1);
  if (pairs < 1 || rotary_width % 2 != 0 || rotary_width > head_width || cosines.width() != pairs ||
      sines.shape != cosines.shape)
    throw wrong_case("extents of the caches");
  numbers<float> table;
  const auto positions = c.has(3) ? c.get_integers(3) : given_tensor<std::int64_t>{};
  if (c.has(3) ? positions.size() != rows : cached != rows) throw wrong_case("extents of the positions");
  for (index_type row = 0; row < rows; ++row) {
    const std::int64_t place = c.has(3) ? positions.values[static_cast<std::size_t>(row)] : row;
    if (place < 0 || place >= cached) throw wrong_case("a position outside of the caches");
    for (const auto* cache : {&cosines, &sines})
      table.insert(table.end(), cache->values.begin() + place * pairs, cache->values.begin() + (place + 1) * pairs);
  }
  const index_type width = heads * head_width;
  const std::vector<std::int64_t> by_head{batch, heads, length, head_width};
  const auto from = four_axes ? exchange_heads(x.values, by_head, true) : x.values;
  numbers<float> y(from.size());
  const auto turn = [&]<rotary_pairing P>(std::integral_constant<rotary_pairing, P>) {
    kernels::rotate<P, float>(rows, heads, head_width, rotary_width, table.data(), in(from, width), out(y, width),
                              workers);
  };
  if (adjacent) turn(std::integral_constant<rotary_pairing, rotary_pairing::adjacent>{});
  else turn(std::integral_constant<rotary_pairing, rotary_pairing::half_split>{});
  c.put(0, x.shape, four_axes ? exchange_heads(y, by_head, false) : y);
}

}  // namespace typeformer::conformance
