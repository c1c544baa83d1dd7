// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/reference/cross_entropy.hpp>

#include "row_operators.hpp"

namespace typeformer::conformance {

template <class S> void compute_cross_entropy(given_case& c, attributes& a, tensors& results) {
  const auto logits = c.get<S>("in.logits");
  const index_type classes = logits.width(), rows = logits.rows();
  const auto labels = c.get_ids("in.labels");
  const auto ignore = static_cast<std::int32_t>(a.count("ignore_index", -100));
  const auto smoothing = static_cast<S>(a.number("label_smoothing", 0));
  const std::string reduced = a.text("reduction", "mean");
  if (labels.size() != rows) throw wrong_case("extents of in.labels");
  for (const std::int32_t label : labels.values)
    if (label != ignore && (label < 0 || label >= classes))
      throw wrong_case("in.labels holds " + std::to_string(label));
  numbers<S> losses = zeros<S>(rows), dlosses = losses, dlogits(logits.values.size());
  reference::cross_entropy<S>(rows, classes, in(logits.values, classes), labels.values.data(), ignore, smoothing,
                              losses.data());
  const bool back = c.has("gout.loss");
  const auto dloss = back ? c.get<S>("gout.loss") : given_tensor<S>{};
  const auto reduce = [&]<reduction R>(std::integral_constant<reduction, R>) {
    put(results, "out.loss", {},
        numbers<S>{reference::reduce_losses<R, S>(rows, labels.values.data(), ignore, losses.data())});
    if (back)
      reference::reduce_losses_back<R, S>(rows, labels.values.data(), ignore, dloss.values.at(0), dlosses.data());
  };
  if (reduced == "mean") reduce(std::integral_constant<reduction, reduction::mean>{});
  else if (reduced == "sum") reduce(std::integral_constant<reduction, reduction::sum>{});
  else if (reduced == "none") {
    put(results, "out.loss",
        c.file().find("out.loss") ? shape_of(c.file(), "out.loss") : std::vector<std::int64_t>{rows}, losses);
    if (back) dlosses = dloss.values;
  } else throw not_supported("reduction = " + reduced);
  if (!back) return;
  if (static_cast<index_type>(dlosses.size()) != rows) throw wrong_case("extents of gout.loss");
  reference::cross_entropy_back<S>(rows, classes, in(logits.values, classes), labels.values.data(), ignore, smoothing,
                                   dlosses.data(), out(dlogits, classes));
  put_like(results, "grad.logits", logits, dlogits);
}

template <class S> void compute_clipping(given_case& c, attributes& a, tensors& results) {
  if (a.number("norm_type", 2) != 2) throw not_supported("norm_type other than 2");
  std::vector<given_tensor<S>> parts;
  numbers<S> gradients;
  while (c.has("in.grad" + std::to_string(parts.size()))) {
    parts.push_back(c.get<S>("in.grad" + std::to_string(parts.size())));
    gradients.insert(gradients.end(), parts.back().values.begin(), parts.back().values.end());
  }
  const double norm = clip_gradients<S>(gradients, a.number("max_norm"));
  put(results, "out.total_norm", {}, std::vector<double>{norm});
  auto at = gradients.begin();
  for (std::size_t i = 0; i < parts.size(); at += parts[i++].size())
    put_like(results, "out.grad" + std::to_string(i), parts[i], numbers<S>(at, at + parts[i].size()));
}

}  // namespace typeformer::conformance
