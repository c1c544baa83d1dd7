// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>

#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/activation_back.hpp>
#include <typeformer/kernels/embedding.hpp>
#include <typeformer/kernels/embedding_back.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/layer_norm_back.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/linear_gradients.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rms_norm_back.hpp>
#include <typeformer/kernels/softmax.hpp>
#include <typeformer/reference/linear.hpp>

#include "given_case.hpp"

// Operators on rows. Every function computes the results of a case of its operator, with gradients if the case has an
// upstream one. In float these are the SIMD kernels as far as they exist, in double the reference.
namespace typeformer::conformance {

inline constexpr inline_workers workers{};

template <class S> using numbers = std::vector<S>;
template <class S> rows_view<const S> in(const numbers<S>& x, index_type width) { return {x.data(), width}; }
template <class S> rows_view<S> out(numbers<S>& x, index_type width) { return {x.data(), width}; }
template <class S> numbers<S> zeros(index_type size) { return numbers<S>(static_cast<std::size_t>(size)); }

/// The values with one axis moved to the end, or from the end back to its place.
template <class S>
numbers<S> with_axis_last(const numbers<S>& x, const std::vector<std::int64_t>& shape, index_type axis, bool back) {
  index_type before = 1, after = 1;
  const index_type extent = shape[static_cast<std::size_t>(axis)];
  for (index_type a = 0; a < static_cast<index_type>(shape.size()); ++a)
    (a < axis ? before : a > axis ? after : before) *= a == axis ? 1 : shape[static_cast<std::size_t>(a)];
  numbers<S> y(x.size());
  for (index_type b = 0; b < before; ++b)
    for (index_type e = 0; e < extent; ++e)
      for (index_type a = 0; a < after; ++a) {
        const auto inside = static_cast<std::size_t>((b * extent + e) * after + a),
                   last = static_cast<std::size_t>((b * after + a) * extent + e);
        if (back) y[inside] = x[last];
        else y[last] = x[inside];
      }
  return y;
}

/// [batch][heads][length][width] as rows [batch * length][heads * width], and back when `to_rows` is false.
template <class S>
numbers<S> exchange_heads(const numbers<S>& x, const std::vector<std::int64_t>& shape, bool to_rows) {
  const index_type heads = shape[1], length = shape[2], width = shape[3];
  numbers<S> y(x.size());
  for (index_type b = 0; b < shape[0]; ++b)
    for (index_type h = 0; h < heads; ++h)
      for (index_type t = 0; t < length; ++t)
        for (index_type i = 0; i < width; ++i) {
          const auto by_head = static_cast<std::size_t>(((b * heads + h) * length + t) * width + i);
          const auto by_row = static_cast<std::size_t>(((b * length + t) * heads + h) * width + i);
          if (to_rows) y[by_row] = x[by_head];
          else y[by_head] = x[by_row];
        }
  return y;
}

template <class S, bool Log> void compute_softmax(given_case& c, attributes& a, tensors& results) {
  const auto x = c.get<S>("in.x");
  const index_type axis = axis_of(a.count("dim", -1), x.rank());
  const index_type width = x.extent(axis), rows = width == 0 ? 0 : x.size() / width;
  const auto by_rows = [&](const numbers<S>& values) { return with_axis_last(values, x.shape, axis, false); };
  const auto as_given = [&](const numbers<S>& values) { return with_axis_last(values, x.shape, axis, true); };
  const numbers<S> from = by_rows(x.values);
  numbers<S> y(from.size()), dx(from.size());
  if (Log) reference::log_softmax<S>(rows, width, in(from, width), out(y, width));
  else kernels::softmax<S>(rows, width, in(from, width), out(y, width), workers);
  put_like(results, "out.y", x, as_given(y));
  if (!c.has("gout.y")) return;
  const numbers<S> dy = by_rows(c.get_like<S>("gout.y", x.shape).values);
  if (Log) reference::log_softmax_back<S>(rows, width, in(y, width), in(dy, width), out(dx, width));
  else reference::softmax_back<S>(rows, width, in(y, width), in(dy, width), out(dx, width));
  put_like(results, "grad.x", x, as_given(dx));
}

/// The number of rows for a weight of this size.
template <class S> index_type rows_of(const given_tensor<S>& x, index_type width) {
  if (width == 0 || x.size() % width != 0) throw wrong_case("extents of in.weight");
  return x.size() / width;
}

/// Gain and bias may be absent. Then they are 1 and 0.
template <class S> void compute_layer_norm(given_case& c, attributes& a, tensors& results) {
  const auto x = c.get<S>("in.x");
  const bool has_weight = c.has("in.weight"), has_bias = c.has("in.bias");
  const auto weight = has_weight ? c.get<S>("in.weight")
                                 : given_tensor<S>{{x.width()}, numbers<S>(static_cast<std::size_t>(x.width()), S{1})};
  const auto bias = has_bias ? c.get<S>("in.bias") : given_tensor<S>{weight.shape, numbers<S>(weight.values.size())};
  const index_type width = weight.size(), rows = rows_of(x, width);
  if (bias.size() != width) throw wrong_case("extents of in.bias");
  numbers<S> y(x.values.size()), statistics = zeros<S>(2 * rows), dx(y.size()), dweight(weight.values.size()),
                                 dbias(dweight);
  kernels::layer_norm<S>(rows, width, in(x.values, width), weight.values.data(), bias.values.data(),
                         static_cast<S>(a.number("eps", 1e-5)), out(y, width), statistics.data(), workers);
  put_like(results, "out.y", x, y);
  if (!c.has("gout.y")) return;
  const auto dy = c.get_like<S>("gout.y", x.shape);
  kernels::layer_norm_back<S>(rows, width, in(x.values, width), statistics.data(), weight.values.data(),
                              in(dy.values, width), out(dx, width), dweight.data(), dbias.data(), workers);
  put_like(results, "grad.x", x, dx);
  if (has_weight) put_like(results, "grad.weight", weight, dweight);
  if (has_bias) put_like(results, "grad.bias", bias, dbias);
}

template <class S> void compute_rms_norm(given_case& c, attributes& a, tensors& results) {
  const auto x = c.get<S>("in.x"), weight = c.get<S>("in.weight");
  const index_type width = weight.size(), rows = rows_of(x, width);
  numbers<S> y(x.values.size()), inverse_rms = zeros<S>(rows), dx(y.size()), dweight(weight.values.size());
  kernels::rms_norm<S>(rows, width, in(x.values, width), weight.values.data(), static_cast<S>(a.number("eps", 1e-6)),
                       out(y, width), inverse_rms.data(), workers);
  put_like(results, "out.y", x, y);
  if (!c.has("gout.y")) return;
  const auto dy = c.get_like<S>("gout.y", x.shape);
  kernels::rms_norm_back<S>(rows, width, in(x.values, width), inverse_rms.data(), weight.values.data(),
                            in(dy.values, width), out(dx, width), dweight.data(), workers);
  put_like(results, "grad.x", x, dx);
  put_like(results, "grad.weight", weight, dweight);
}

template <class S, class A> void compute_activation(given_case& c, attributes&, tensors& results) {
  const auto x = c.get<S>("in.x");
  const index_type width = x.width(), rows = x.rows();
  numbers<S> y(x.values.size()), dx(y.size());
  kernels::activate<A, S>(rows, width, in(x.values, width), out(y, width), workers);
  put_like(results, "out.y", x, y);
  if (!c.has("gout.y")) return;
  const auto dy = c.get_like<S>("gout.y", x.shape);
  kernels::activate_back<A, S>(rows, width, in(x.values, width), in(dy.values, width), out(dx, width), workers);
  put_like(results, "grad.x", x, dx);
}

/// PyTorch's gelu: exact unless `approximate` is tanh.
template <class S> void compute_gelu(given_case& c, attributes& a, tensors& results) {
  const std::string form = a.text("approximate", "none");
  if (form == "tanh") return compute_activation<S, gelu_tanh>(c, a, results);
  if (form != "none") throw not_supported("approximate = " + form);
  compute_activation<S, gelu_erf>(c, a, results);
}

/// y = x Wᵀ + b, and its gradients if there is an upstream one. The weight is [outputs][inputs].
template <class S> struct linear_pass {
  numbers<S> y, dx, dweight, dbias;

  linear_pass(index_type rows, index_type inputs, index_type outputs, const numbers<S>& x, const numbers<S>& weight,
              const numbers<S>* bias)
      : y(zeros<S>(rows * outputs)), rows_{rows}, inputs_{inputs}, outputs_{outputs}, x_{x}, weight_{weight} {
    kernels::linear<S>(rows, in(x, inputs), view(), bias ? bias->data() : nullptr, out(y, outputs), workers);
  }
  void back(const numbers<S>& dy, bool has_bias) {
    dx.resize(x_.size());
    dweight.resize(weight_.size());
    dbias.resize(has_bias ? static_cast<std::size_t>(outputs_) : 0);
    kernels::linear_input_gradient<S>(rows_, in(dy, outputs_), view(), out(dx, inputs_), workers);
    kernels::linear_weight_gradient<S>(rows_, in(x_, inputs_), in(dy, outputs_), {dweight.data(), outputs_, inputs_},
                                       has_bias ? dbias.data() : nullptr, workers);
  }

 private:
  row_major_view<const S> view() const { return {weight_.data(), outputs_, inputs_}; }

  index_type rows_, inputs_, outputs_;
  const numbers<S>&x_, &weight_;
};

/// conv1d has its weight as [inputs][outputs].
template <class S, bool Transposed> void compute_linear(given_case& c, attributes&, tensors& results) {
  const auto x = c.get<S>("in.x"), weight = c.get<S>("in.weight");
  const bool has_bias = c.has("in.bias");
  const auto bias = has_bias ? c.get<S>("in.bias") : given_tensor<S>{};
  const index_type inputs = x.width(), rows = x.rows(), outputs = weight.extent(Transposed ? 1 : 0);
  if (weight.size() != inputs * outputs || (has_bias && bias.size() != outputs))
    throw wrong_case("extents of in.weight or in.bias");
  const auto turned = [&](const numbers<S>& w, bool back) {
    return Transposed ? with_axis_last(w, {inputs, outputs}, 0, back) : w;
  };
  const numbers<S> canonical = turned(weight.values, false);
  linear_pass<S> pass(rows, inputs, outputs, x.values, canonical, has_bias ? &bias.values : nullptr);
  auto shape = x.shape;
  shape.back() = outputs;
  put(results, "out.y", shape, pass.y);
  if (!c.has("gout.y")) return;
  const auto dy = c.get_like<S>("gout.y", shape);
  pass.back(dy.values, has_bias);
  put_like(results, "grad.x", x, pass.dx);
  put_like(results, "grad.weight", weight, turned(pass.dweight, true));
  if (has_bias) put_like(results, "grad.bias", bias, pass.dbias);
}

struct gated_names {
  const char *gate, *value, *output;
};
inline constexpr gated_names llama_names{"gate_proj.weight", "up_proj.weight", "down_proj.weight"};
inline constexpr gated_names t5_names{"wi_0.weight", "wi_1.weight", "wo.weight"};

/// output(A(gate x) * (value x)), with the gate's and the value's rows in one matrix, the gate's first.
template <class S, class A> void compute_gated_mlp(given_case& c, attributes&, tensors& results) {
  const gated_names names = c.has(std::string("in.") + llama_names.gate) ? llama_names : t5_names;
  const auto named = [&](const char* name) { return c.get<S>(std::string("in.") + name); };
  const auto x = c.get<S>("in.x"), gate = named(names.gate), value = named(names.value), down = named(names.output);
  const index_type width = x.width(), rows = x.rows(), inner = gate.extent(0), outputs = down.extent(0);
  if (gate.shape != value.shape || down.size() != outputs * inner || gate.size() != inner * width)
    throw wrong_case("extents of the weights");
  numbers<S> up = gate.values;
  up.insert(up.end(), value.values.begin(), value.values.end());
  linear_pass<S> expand(rows, width, 2 * inner, x.values, up, nullptr);
  numbers<S> hidden = zeros<S>(rows * inner), dexpanded(expand.y.size());
  kernels::gated_activation<A, S>(rows, inner, in(expand.y, 2 * inner), out(hidden, inner), workers);
  linear_pass<S> contract(rows, inner, outputs, hidden, down.values, nullptr);
  auto shape = x.shape;
  shape.back() = outputs;
  put(results, "out.y", shape, contract.y);
  if (!c.has("gout.y")) return;
  contract.back(c.get_like<S>("gout.y", shape).values, false);
  kernels::gated_activation_back<A, S>(rows, inner, in(expand.y, 2 * inner), in(contract.dx, inner),
                                       out(dexpanded, 2 * inner), workers);
  expand.back(dexpanded, false);
  const auto half = expand.dweight.begin() + inner * width;
  put_like(results, "grad.x", x, expand.dx);
  put_like(results, std::string("grad.") + names.gate, gate, numbers<S>(expand.dweight.begin(), half));
  put_like(results, std::string("grad.") + names.value, value, numbers<S>(half, expand.dweight.end()));
  put_like(results, std::string("grad.") + names.output, down, contract.dweight);
}

/// PaLM's gate is the second half; the kernel's is the first.
template <class S> void compute_swiglu_palm(given_case& c, attributes&, tensors& results) {
  const auto x = c.get<S>("in.x");
  if (x.width() % 2 != 0) throw wrong_case("the width of in.x is odd");
  const index_type width = x.width() / 2, rows = x.rows();
  const auto halves_exchanged = [&](numbers<S> values) {
    for (auto row = values.begin(); row != values.end(); row += 2 * width)
      std::rotate(row, row + width, row + 2 * width);
    return values;
  };
  const numbers<S> gate_first = halves_exchanged(x.values);
  numbers<S> y = zeros<S>(rows * width), dx(gate_first.size());
  kernels::gated_activation<silu, S>(rows, width, in(gate_first, 2 * width), out(y, width), workers);
  auto shape = x.shape;
  shape.back() = width;
  put(results, "out.y", shape, y);
  if (!c.has("gout.y")) return;
  const auto dy = c.get_like<S>("gout.y", shape);
  kernels::gated_activation_back<silu, S>(rows, width, in(gate_first, 2 * width), in(dy.values, width),
                                          out(dx, 2 * width), workers);
  put_like(results, "grad.x", x, halves_exchanged(dx));
}

template <class S> void compute_embedding(given_case& c, attributes& a, tensors& results) {
  const auto table = c.get<S>("in.weight");
  if (table.rank() != 2) throw wrong_case("extents of in.weight");
  const index_type width = table.width(), entries = table.extent(0);
  const auto ids = c.get_ids_below("in.ids", entries);
  const index_type rows = ids.size();
  std::int64_t padding = -1;
  if (a.has("padding_idx")) padding = a.count("padding_idx") + (a.count("padding_idx") < 0 ? entries : 0);
  numbers<S> y = zeros<S>(rows * width), dtable(table.values.size());
  kernels::embed<S>(rows, width, ids.values.data(), table.values.data(), out(y, width), workers);
  auto shape = ids.shape;
  shape.push_back(width);
  put(results, "out.y", shape, y);
  if (!c.has("gout.y")) return;
  const auto dy = c.get_like<S>("gout.y", shape);
  kernels::embed_back<S>(rows, width, ids.values.data(), in(dy.values, width), dtable.data(),
                         static_cast<std::int32_t>(padding), workers);
  put_like(results, "grad.weight", table, dtable);
}

}  // namespace typeformer::conformance
