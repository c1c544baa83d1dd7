// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/kernels/relative_attention_back.hpp>

#include "attention_operators.hpp"

namespace typeformer::conformance {

/// [length][batch][width] as rows [batch * whole][width] after the first `past` of each sequence, and back.
template <class S> struct time_first {
  index_type batch, whole;

  void to_rows(const given_tensor<S>& x, index_type past, numbers<S>& rows) const {
    each(x.extent(0), x.width(), past,
         [&](std::size_t by_time, std::size_t by_row) { rows[by_row] = x.values[by_time]; });
  }
  numbers<S> from_rows(const numbers<S>& rows, index_type length, index_type width, index_type past) const {
    numbers<S> x = zeros<S>(length * batch * width);
    each(length, width, past, [&](std::size_t by_time, std::size_t by_row) { x[by_time] = rows[by_row]; });
    return x;
  }

 private:
  template <class F> void each(index_type length, index_type width, index_type past, F&& f) const {
    for (index_type t = 0; t < length; ++t)
      for (index_type b = 0; b < batch; ++b)
        for (index_type i = 0; i < width; ++i)
          f(std::size_t((t * batch + b) * width + i), std::size_t((b * whole + past + t) * width + i));
  }
};

/// Transformer-XL's attention with its projections. `in.mems` are earlier hidden states, which get no gradient.
template <class S>
void compute_transformer_xl(given_case& c, attributes& a, tensors& results, const std::string& name) {
  const auto x = c.get<S>("in.x"), content = c.get<S>("in.r_w_bias"), position = c.get<S>("in.r_r_bias"),
             qkv_weight = c.get<S>("in.qkv_net.weight"), o_weight = c.get<S>("in.o_net.weight"),
             r_weight = c.get<S>("in.r_net.weight"), r_given = c.get<S>("in.r");
  const bool has_past = c.has("in.mems");
  const auto mems = has_past ? c.get<S>("in.mems") : given_tensor<S>{{0, x.extent(1), x.width()}, {}};
  const index_type queries = x.extent(0), batch = x.extent(1), width = x.width(), past = mems.extent(0),
                   keys = past + queries, heads = a.count("n_head", content.extent(0)),
                   head_width = a.count("d_head", content.width()), inner = heads * head_width;
  if (x.rank() != 3 || mems.shape != std::vector<std::int64_t>{past, batch, width} || content.size() != inner ||
      position.size() != inner || qkv_weight.size() != 3 * inner * width || o_weight.size() != width * inner ||
      r_weight.size() != inner * width || r_given.size() != keys * width)
    throw wrong_case("extents of a tensor");
  if (!visible_keys_of(c, a, name + "_causal", 0, 1, queries, keys, past).template is<causal_mask>(past))
    throw not_supported("in.allow that is not causal");
  const attention_extents extents{heads, heads, head_width,
                                  a.number("scale", 1 / std::sqrt(static_cast<double>(head_width)))};

  const time_first<S> of_keys{batch, keys}, of_queries{batch, queries};
  numbers<S> hidden = zeros<S>(batch * keys * width), sinusoids(r_given.values.size());
  of_keys.to_rows(mems, 0, hidden);
  of_keys.to_rows(x, past, hidden);
  for (index_type d = 0; d < keys; ++d)  // the case begins with the longest distance
    std::copy_n(r_given.values.begin() + (keys - 1 - d) * width, width, sinusoids.begin() + d * width);
  linear_pass<S> project(batch * keys, width, 3 * inner, hidden, qkv_weight.values, nullptr),
      project_distances(keys, width, inner, sinusoids, r_weight.values, nullptr);

  numbers<S> mixed = zeros<S>(batch * queries * inner), log_sum_exp = zeros<S>(batch * queries * heads),
             probabilities = zeros<S>(queries * heads * keys),
             all_probabilities = zeros<S>(queries * keys * batch * heads),
             scratch = zeros<S>(relative_attention_scratch(heads, head_width, keys));
  const auto part = [&](auto& rows, index_type sequence, index_type row, index_type which) {
    return rows_view<std::remove_pointer_t<decltype(rows.data())>>{
        rows.data() + (sequence * keys + row) * 3 * inner + which * inner, 3 * inner};
  };
  const auto call_of = [&](index_type b) {
    return relative_attention_call<S>{queries,
                                      past,
                                      part(project.y, b, past, 0),
                                      part(project.y, b, 0, 1),
                                      part(project.y, b, 0, 2),
                                      in(project_distances.y, inner),
                                      content.values.data(),
                                      position.values.data(),
                                      nullptr,
                                      out(mixed, inner).from(b * queries),
                                      out(log_sum_exp, heads).from(b * queries)};
  };
  for (index_type b = 0; b < batch; ++b) {
    kernels::relative_attention<S>(extents, call_of(b), scratch.data(), workers);
    reference::relative_attention_probabilities<S>(extents, call_of(b), out(probabilities, heads * keys));
    for (index_type q = 0; q < queries; ++q)
      for (index_type h = 0; h < heads; ++h)
        for (index_type k = 0; k < keys; ++k)
          all_probabilities[std::size_t(((q * keys + k) * batch + b) * heads + h)] =
              probabilities[std::size_t((q * heads + h) * keys + k)];
  }
  linear_pass<S> project_back(batch * queries, inner, width, mixed, o_weight.values, nullptr);
  put_like(results, "out.y", x, of_queries.from_rows(project_back.y, queries, width, 0));
  put(results, "out.probs", {queries, keys, batch, heads}, all_probabilities);
  if (!c.has("gout.y")) return;

  numbers<S> dy(mixed.size() / std::size_t(inner) * std::size_t(width)), dprojected(project.y.size()),
      ddistances(project_distances.y.size()), dcontent(content.values.size()), dposition(dcontent);
  of_queries.to_rows(c.get_like<S>("gout.y", x.shape), 0, dy);
  project_back.back(dy, false);
  for (index_type b = 0; b < batch; ++b)
    kernels::relative_attention_back<S>(
        extents, call_of(b), in(project_back.dx, inner).from(b * queries),
        {part(dprojected, b, past, 0), part(dprojected, b, 0, 1), part(dprojected, b, 0, 2), out(ddistances, inner),
         dcontent.data(), dposition.data()},
        scratch.data(), workers);
  project.back(dprojected, false);
  project_distances.back(ddistances, false);
  put_like(results, "grad.x", x, of_keys.from_rows(project.dx, queries, width, past));
  put_like(results, "grad.r_w_bias", content, dcontent);
  put_like(results, "grad.r_r_bias", position, dposition);
  put_like(results, "grad.qkv_net.weight", qkv_weight, project.dweight);
  put_like(results, "grad.r_net.weight", r_weight, project_distances.dweight);
  put_like(results, "grad.o_net.weight", o_weight, project_back.dweight);
}

}  // namespace typeformer::conformance
