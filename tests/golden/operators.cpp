// SPDX-License-Identifier: BSL-1.0
#include <functional>

#include <support/safetensors_case.hpp>
#include <support/shared_data.hpp>
#include <typeformer/kernels/activation.hpp>
#include <typeformer/kernels/attention.hpp>
#include <typeformer/kernels/embedding.hpp>
#include <typeformer/kernels/layer_norm.hpp>
#include <typeformer/kernels/linear.hpp>
#include <typeformer/kernels/rms_norm.hpp>
#include <typeformer/kernels/rotary.hpp>
#include <typeformer/kernels/softmax.hpp>
#include <typeformer/reference/cross_entropy.hpp>
#include <typeformer/reference/linear.hpp>

// Every operator against numbers of independent implementations: in double, where kernels:: forwards to reference::,
// forward and gradients; in float, where it is the SIMD kernels, forward.
namespace typeformer {
namespace {

using testing::case_tensor, testing::safetensors_case;
constexpr inline_workers workers{};

template <class S> constexpr bool is_reference = std::is_same_v<S, double>;

template <class S> using numbers = std::vector<S>;
template <class S> rows_view<const S> in(const numbers<S>& x, index width) { return {x.data(), width}; }
template <class S> rows_view<S> out(numbers<S>& x, index width) { return {x.data(), width}; }

index last_extent(const case_tensor& t) { return t.shape.back(); }
index rows_of(const case_tensor& t) { return static_cast<index>(t.values.size()) / last_extent(t); }
std::vector<std::int32_t> ids_of(const case_tensor& t) { return {t.integers.begin(), t.integers.end()}; }

template <class S> void judge_softmax(safetensors_case& c) {
  const index width = last_extent(c["in.x"]), rows = rows_of(c["in.x"]);
  const auto x = c["in.x"].as<S>(), dy = c["gout.y"].as<S>();
  numbers<S> y(x.size()), dx(x.size());
  kernels::softmax<S>(rows, width, in(x, width), out(y, width), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::softmax_back<S>(rows, width, in(y, width), in(dy, width), out(dx, width));
  c.judge("grad.x", dx);
}

template <class S> void judge_log_softmax(safetensors_case& c) {
  const index width = last_extent(c["in.x"]), rows = rows_of(c["in.x"]);
  const auto x = c["in.x"].as<S>(), dy = c["gout.y"].as<S>();
  numbers<S> y(x.size()), dx(x.size());
  reference::log_softmax<S>(rows, width, in(x, width), out(y, width));
  c.judge("out.y", y);
  reference::log_softmax_back<S>(rows, width, in(y, width), in(dy, width), out(dx, width));
  c.judge("grad.x", dx);
}

template <class S> void judge_layer_norm(safetensors_case& c) {
  const index width = last_extent(c["in.x"]), rows = rows_of(c["in.x"]);
  const auto x = c["in.x"].as<S>(), weight = c["in.weight"].as<S>(), bias = c["in.bias"].as<S>(),
             dy = c["gout.y"].as<S>();
  numbers<S> y(x.size()), statistics(2 * x.size()), dx(x.size()), dweight(weight.size()), dbias(bias.size());
  kernels::layer_norm<S>(rows, width, in(x, width), weight.data(), bias.data(), static_cast<S>(c.attribute("eps")),
                         out(y, width), statistics.data(), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::layer_norm_back<S>(rows, width, in(x, width), statistics.data(), weight.data(), in(dy, width),
                                out(dx, width), dweight.data(), dbias.data());
  c.judge("grad.x", dx);
  c.judge("grad.weight", dweight);
  c.judge("grad.bias", dbias);
}

template <class S> void judge_rms_norm(safetensors_case& c) {
  const index width = last_extent(c["in.x"]), rows = rows_of(c["in.x"]);
  const auto x = c["in.x"].as<S>(), weight = c["in.weight"].as<S>(), dy = c["gout.y"].as<S>();
  numbers<S> y(x.size()), inverse_rms(x.size()), dx(x.size()), dweight(weight.size());
  kernels::rms_norm<S>(rows, width, in(x, width), weight.data(), static_cast<S>(c.attribute("eps")), out(y, width),
                       inverse_rms.data(), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::rms_norm_back<S>(rows, width, in(x, width), inverse_rms.data(), weight.data(), in(dy, width),
                              out(dx, width), dweight.data());
  c.judge("grad.x", dx);
  c.judge("grad.weight", dweight);
}

template <class S, class A> void judge_activation(safetensors_case& c) {
  const index width = last_extent(c["in.x"]), rows = rows_of(c["in.x"]);
  const auto x = c["in.x"].as<S>(), dy = c["gout.y"].as<S>();
  numbers<S> y(x.size()), dx(x.size());
  kernels::activate<A, S>(rows, width, in(x, width), out(y, width), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::activate_back<A, S>(rows, width, in(x, width), in(dy, width), out(dx, width));
  c.judge("grad.x", dx);
}

template <class S> numbers<S> transposed(const numbers<S>& x, index rows, index columns) {
  numbers<S> y(x.size());
  for (index row = 0; row < rows; ++row)
    for (index column = 0; column < columns; ++column)
      y[static_cast<std::size_t>(column * rows + row)] = x[static_cast<std::size_t>(row * columns + column)];
  return y;
}

/// conv1d_gpt2 keeps its weight as [inputs][outputs].
template <class S, bool Transposed> void judge_linear(safetensors_case& c) {
  const index inputs = last_extent(c["in.x"]), outputs = last_extent(c["out.y"]), rows = rows_of(c["in.x"]);
  const auto x = c["in.x"].as<S>(), dy = c["gout.y"].as<S>();
  const bool has_bias = c.has("in.bias");
  const auto bias = has_bias ? c["in.bias"].as<S>() : numbers<S>{};
  auto weight = c["in.weight"].as<S>();
  if (Transposed) weight = transposed(weight, inputs, outputs);
  const row_major_view<const S> w{weight.data(), outputs, inputs};
  numbers<S> y(dy.size()), dx(x.size()), dw(weight.size()), dbias(bias.size());
  kernels::linear<S>(rows, in(x, inputs), w, has_bias ? bias.data() : nullptr, out(y, outputs), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::linear_back<S>(rows, in(x, inputs), w, in(dy, outputs), out(dx, inputs), {dw.data(), outputs, inputs},
                            has_bias ? dbias.data() : nullptr);
  c.judge("grad.x", dx);
  c.judge("grad.weight", Transposed ? transposed(dw, outputs, inputs) : dw);
  if (has_bias) c.judge("grad.bias", dbias);
}

struct gated_names {
  std::string gate, value, output;
};

/// out(A(gate x) * (value x)), the gate's and the value's rows in one matrix, gate first.
template <class S, class A> void judge_gated_mlp(safetensors_case& c, const gated_names& names) {
  const index width = last_extent(c["in.x"]), rows = rows_of(c["in.x"]), inner = c["in." + names.gate].shape[0];
  const auto x = c["in.x"].as<S>(), dy = c["gout.y"].as<S>(), value = c["in." + names.value].as<S>(),
             down = c["in." + names.output].as<S>();
  auto up = c["in." + names.gate].as<S>();
  up.insert(up.end(), value.begin(), value.end());
  const row_major_view<const S> up_view{up.data(), 2 * inner, width}, down_view{down.data(), width, inner};
  const auto hidden_size = static_cast<std::size_t>(rows * inner);
  numbers<S> expanded(2 * hidden_size), hidden(hidden_size), y(x.size());
  kernels::linear<S>(rows, in(x, width), up_view, nullptr, out(expanded, 2 * inner), workers);
  kernels::gated_activation<A, S>(rows, inner, in(expanded, 2 * inner), out(hidden, inner), workers);
  kernels::linear<S>(rows, in(hidden, inner), down_view, nullptr, out(y, width), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  numbers<S> dexpanded(expanded.size()), dhidden(hidden.size()), dx(x.size()), dup(up.size()), ddown(down.size());
  reference::linear_back<S>(rows, in(hidden, inner), down_view, in(dy, width), out(dhidden, inner),
                            {ddown.data(), width, inner}, nullptr);
  reference::gated_activation_back<A, S>(rows, inner, in(expanded, 2 * inner), in(dhidden, inner),
                                         out(dexpanded, 2 * inner));
  reference::linear_back<S>(rows, in(x, width), up_view, in(dexpanded, 2 * inner), out(dx, width),
                            {dup.data(), 2 * inner, width}, nullptr);
  const auto half = dup.begin() + inner * width;
  c.judge("grad.x", dx);
  c.judge("grad." + names.gate, numbers<S>(dup.begin(), half));
  c.judge("grad." + names.value, numbers<S>(half, dup.end()));
  c.judge("grad." + names.output, ddown);
}

template <class S> numbers<S> halves_exchanged(const numbers<S>& x, index width) {
  numbers<S> y = x;
  for (auto row = y.begin(); row != y.end(); row += 2 * width) std::rotate(row, row + width, row + 2 * width);
  return y;
}

/// PaLM's gate is the second half; here it is the first.
template <class S> void judge_swiglu_palm(safetensors_case& c) {
  const index width = last_extent(c["out.y"]), rows = rows_of(c["out.y"]);
  const auto x = halves_exchanged(c["in.x"].as<S>(), width), dy = c["gout.y"].as<S>();
  numbers<S> y(dy.size()), dx(x.size());
  kernels::gated_activation<silu, S>(rows, width, in(x, 2 * width), out(y, width), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::gated_activation_back<silu, S>(rows, width, in(x, 2 * width), in(dy, width), out(dx, 2 * width));
  c.judge("grad.x", halves_exchanged(dx, width));
}

template <class S> void judge_embedding(safetensors_case& c) {
  const index width = last_extent(c["in.weight"]), rows = rows_of(c["out.y"]);
  const auto table = c["in.weight"].as<S>(), dy = c["gout.y"].as<S>();
  const auto ids = ids_of(c["in.ids"]);
  numbers<S> y(dy.size()), dtable(table.size());
  kernels::embed<S>(rows, width, ids.data(), table.data(), out(y, width), workers);
  c.judge("out.y", y);
  if (!is_reference<S>) return;
  reference::embed_back<S>(rows, width, ids.data(), in(dy, width), dtable.data(),
                           static_cast<std::int32_t>(c.attribute_or("padding_idx", -1)));
  c.judge("grad.weight", dtable);
}

/// [batch][heads][length][width] as rows [batch * length][heads * width], and back when `to_rows` is false.
template <class S> numbers<S> exchange_heads(const numbers<S>& x, const std::vector<std::ptrdiff_t>& shape, bool to_rows) {
  const index heads = shape[1], length = shape[2], width = shape[3];
  numbers<S> y(x.size());
  for (index b = 0; b < shape[0]; ++b)
    for (index h = 0; h < heads; ++h)
      for (index t = 0; t < length; ++t)
        for (index i = 0; i < width; ++i) {
          const auto by_head = static_cast<std::size_t>(((b * heads + h) * length + t) * width + i);
          const auto by_row = static_cast<std::size_t>(((b * length + t) * heads + h) * width + i);
          if (to_rows) y[by_row] = x[by_head];
          else y[by_head] = x[by_row];
        }
  return y;
}
template <class S> numbers<S> rows_by_head(const case_tensor& t) { return exchange_heads(t.as<S>(), t.shape, true); }

template <class S, rotary_pairing P>
numbers<S> rotated(const numbers<S>& x, const std::vector<std::int32_t>& positions, index heads, index head_width,
                   index rotary_width, double theta, bool inverse) {
  const auto rows = static_cast<index>(positions.size());
  numbers<S> table(static_cast<std::size_t>(rows * rotary_width)), y(x.size());
  reference::rotary_table<S>(rows, positions.data(), rotary_width, theta, table.data());
  kernels::rotate<P, S>(rows, heads, head_width, rotary_width, table.data(), in(x, heads * head_width),
                        out(y, heads * head_width), inverse, workers);
  return y;
}

template <class S> void judge_rope_half(safetensors_case& c) {
  const auto positions = ids_of(c["in.positions"]);
  for (const std::string name : {"q", "k"}) {
    const auto& shape = c["in." + name].shape;
    const auto turn = [&](const std::string& tensor, bool inverse) {
      return exchange_heads(rotated<S, rotary_pairing::half_split>(rows_by_head<S>(c[tensor]), positions, shape[1],
                                                                   shape[3], shape[3], c.attribute("theta"), inverse),
                            shape, false);
    };
    c.judge("out." + name + "_rot", turn("in." + name, false));
    c.judge("grad." + name, turn("gout." + name + "_rot", true));
  }
}

template <class S> void judge_rope_interleaved(safetensors_case& c) {
  const auto positions = ids_of(c["in.positions"]);
  const auto& shape = c["in.x"].shape;  // [batch][length][heads][width], which are rows already
  const auto turn = [&](const char* tensor, bool inverse) {
    return rotated<S, rotary_pairing::adjacent>(c[tensor].as<S>(), positions, shape[2], shape[3],
                                                static_cast<index>(c.attribute("rotary_dim")), c.attribute("theta"),
                                                inverse);
  };
  c.judge("out.y", turn("in.x", false));
  c.judge("grad.x", turn("gout.y", true));
}

enum class rotary { none, half_split };

template <class S, class Mask, rotary R = rotary::none> void judge_attention(safetensors_case& c) {
  const auto &q_shape = c["in.q"].shape, &k_shape = c["in.k"].shape;
  const index batch = q_shape[0], heads = q_shape[1], queries = q_shape[2], head_width = q_shape[3],
              kv_heads = k_shape[1], keys = k_shape[2], width = heads * head_width, kv_width = kv_heads * head_width;
  const auto past = static_cast<index>(c.attribute_or("past_length", 0));
  const attention_extents extents{heads, kv_heads, head_width, c.attribute("scale")};
  if (c.has("in.allow"))
    for (index query = 0; query < queries; ++query)
      for (index key = 0; key < keys; ++key)
        REQUIRE((c["in.allow"].integers[static_cast<std::size_t>(query * keys + key)] != 0) ==
                (key >= Mask::first_key(past + query, keys) && key < Mask::end_key(past + query, keys)));
  std::vector<std::uint8_t> key_valid(static_cast<std::size_t>(batch * keys), 1);
  if (c.has("in.key_padding"))
    key_valid.assign(c["in.key_padding"].integers.begin(), c["in.key_padding"].integers.end());

  auto q = rows_by_head<S>(c["in.q"]), k = rows_by_head<S>(c["in.k"]);
  const auto v = rows_by_head<S>(c["in.v"]), dy = rows_by_head<S>(c["gout.y"]);
  std::vector<std::int32_t> positions;
  const auto turn = [&](const numbers<S>& x, index turned_heads, bool inverse) {
    return rotated<S, rotary_pairing::half_split>(x, positions, turned_heads, head_width, head_width,
                                                  c.attribute("theta"), inverse);
  };
  if (R == rotary::half_split) {
    for (index row = 0; row < batch * keys; ++row) positions.push_back(static_cast<std::int32_t>(row % keys));
    q = turn(q, heads, false);
    k = turn(k, kv_heads, false);
  }

  const index key_head_stride = key_panels_size(keys, head_width);
  numbers<S> panels(static_cast<std::size_t>(kv_heads * key_head_stride)), y(q.size()), dq(q.size()), dk(k.size()),
      dv(v.size()), log_sum_exp(static_cast<std::size_t>(batch * queries * heads)), probabilities;
  for (index b = 0; b < batch; ++b) {
    kernels::store_keys<S>(keys, extents, in(k, kv_width).from(b * keys), 0, panels.data(), key_head_stride, workers);
    const attention_call<S> call{queries,
                                 past,
                                 keys,
                                 in(q, width).from(b * queries),
                                 panels.data(),
                                 key_head_stride,
                                 in(v, kv_width).from(b * keys),
                                 c.has("in.key_padding") ? key_valid.data() + b * keys : nullptr,
                                 out(y, width).from(b * queries),
                                 out(log_sum_exp, heads).from(b * queries)};
    kernels::attention<Mask, S>(extents, call, workers);
    numbers<S> of_sequence(static_cast<std::size_t>(heads * queries * keys));
    reference::attention_probabilities<Mask, S>(extents, call, of_sequence.data());
    probabilities.insert(probabilities.end(), of_sequence.begin(), of_sequence.end());
    if (is_reference<S>)
      reference::attention_back<Mask, S>(extents, call, in(dy, width).from(b * queries),
                                         out(dq, width).from(b * queries), out(dk, kv_width).from(b * keys),
                                         out(dv, kv_width).from(b * keys));
  }
  c.judge("out.y", exchange_heads(y, q_shape, false));
  c.judge("out.probs", probabilities);
  if (!is_reference<S>) return;
  if (R == rotary::half_split) {
    dq = turn(dq, heads, true);
    dk = turn(dk, kv_heads, true);
  }
  c.judge("grad.q", exchange_heads(dq, q_shape, false));
  c.judge("grad.k", exchange_heads(dk, k_shape, false));
  c.judge("grad.v", exchange_heads(dv, k_shape, false));
}

template <class S> void judge_cross_entropy(safetensors_case& c) {
  const index classes = last_extent(c["in.logits"]), rows = rows_of(c["in.logits"]);
  const auto logits = c["in.logits"].as<S>(), dloss = c["gout.loss"].as<S>();
  const auto labels = ids_of(c["in.labels"]);
  const auto ignore = static_cast<std::int32_t>(c.attribute_or("ignore_index", -100));
  const auto smoothing = static_cast<S>(c.attribute_or("label_smoothing", 0));
  const std::string reduced = c.text_attribute_or("reduction", "mean");
  numbers<S> losses(static_cast<std::size_t>(rows)), dlosses = losses, dlogits(logits.size());
  reference::cross_entropy<S>(rows, classes, in(logits, classes), labels.data(), ignore, smoothing, losses.data());
  const auto reduce = [&]<reduction R>(std::integral_constant<reduction, R>) {
    c.judge("out.loss", numbers<S>{reference::reduce_losses<R, S>(rows, labels.data(), ignore, losses.data())});
    reference::reduce_losses_back<R, S>(rows, labels.data(), ignore, dloss[0], dlosses.data());
  };
  if (reduced == "mean") reduce(std::integral_constant<reduction, reduction::mean>{});
  else if (reduced == "sum") reduce(std::integral_constant<reduction, reduction::sum>{});
  else {
    REQUIRE(reduced == "none");
    c.judge("out.loss", losses);
    dlosses = dloss;
  }
  reference::cross_entropy_back<S>(rows, classes, in(logits, classes), labels.data(), ignore, smoothing,
                                   dlosses.data(), out(dlogits, classes));
  c.judge("grad.logits", dlogits);
}

template <class S> std::map<std::string, std::function<void(safetensors_case&)>> judges() {
  return {{"softmax", judge_softmax<S>},
          {"softmax_large", judge_softmax<S>},
          {"log_softmax", judge_log_softmax<S>},
          {"layer_norm", judge_layer_norm<S>},
          {"rms_norm", judge_rms_norm<S>},
          {"rms_norm_t5", judge_rms_norm<S>},
          {"gelu_erf", judge_activation<S, gelu_erf>},
          {"gelu_tanh", judge_activation<S, gelu_tanh>},
          {"gelu_new_hf", judge_activation<S, gelu_tanh>},
          {"silu", judge_activation<S, silu>},
          {"relu", judge_activation<S, relu>},
          {"tanh", judge_activation<S, tanh_activation>},
          {"sigmoid", judge_activation<S, sigmoid>},
          {"quick_gelu", judge_activation<S, quick_gelu>},
          {"swiglu_mlp_llama",
           [](safetensors_case& c) {
             judge_gated_mlp<S, silu>(c, {"gate_proj.weight", "up_proj.weight", "down_proj.weight"});
           }},
          {"geglu_mlp_t5",
           [](safetensors_case& c) {
             judge_gated_mlp<S, gelu_tanh>(c, {"wi_0.weight", "wi_1.weight", "wo.weight"});
           }},
          {"swiglu_palm", judge_swiglu_palm<S>},
          {"embedding", judge_embedding<S>},
          {"embedding_padding_idx", judge_embedding<S>},
          {"linear", judge_linear<S, false>},
          {"linear_nobias", judge_linear<S, false>},
          {"conv1d_gpt2", judge_linear<S, true>},
          {"sdpa_full", judge_attention<S, full_mask>},
          {"sdpa_noscale", judge_attention<S, causal_mask>},
          {"sdpa_causal", judge_attention<S, causal_mask>},
          {"sdpa_padded", judge_attention<S, full_mask>},
          {"sdpa_causal_padded", judge_attention<S, causal_mask>},
          {"sdpa_causal_cached", judge_attention<S, causal_mask>},
          {"sdpa_gqa", judge_attention<S, causal_mask>},
          {"sdpa_sliding_window", judge_attention<S, sliding_window_mask<3>>},
          {"sdpa_cross", judge_attention<S, full_mask>},
          {"sdpa_rope_half_gqa", judge_attention<S, causal_mask, rotary::half_split>},
          {"rope_half", judge_rope_half<S>},
          {"rope_interleaved", judge_rope_interleaved<S>},
          {"rope_interleaved_partial", judge_rope_interleaved<S>},
          {"cross_entropy_mean", judge_cross_entropy<S>},
          {"cross_entropy_sum", judge_cross_entropy<S>},
          {"cross_entropy_smooth", judge_cross_entropy<S>},
          {"cross_entropy_none", judge_cross_entropy<S>},
          {"cross_entropy_noignore", judge_cross_entropy<S>}};
}

template <class S> void judge_all(const std::filesystem::path& folder, std::initializer_list<const char*> prefixes) {
  std::ifstream file{folder / "index.json"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  rapidjson::Document list;
  list.Parse(text.c_str());
  REQUIRE(list.IsObject());
  auto known = judges<S>();
  for (const auto& entry : list.GetObject()) {
    const std::string name = entry.name.GetString();
    const auto judge = known.find(name);
    if (judge == known.end()) {
      testing::report_skipped("no operator for " + name);
      continue;
    }
    INFO(name);
    safetensors_case c{folder / (name + ".safetensors")};
    judge->second(c);
    c.require_all_judged(prefixes);
    known.erase(judge);
  }
  for (const auto& missing : known) FAIL_CHECK("the reference data no longer has " << missing.first);
}

TEST_CASE("operators in double: forward and gradients") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/ops");
  judge_all<double>(folder, {"out.", "grad."});
}

TEST_CASE("operators in float: the SIMD kernels forward") {
  TYPEFORMER_NEEDS_SHARED(folder, "fixtures/ops");
  judge_all<float>(folder, {"out."});
}

}  // namespace
}  // namespace typeformer
