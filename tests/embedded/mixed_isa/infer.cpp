// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
double infer(const typeformer::weights<small>& weights) {
  typeformer::session<small> run{weights};
  const std::int32_t ids[] = {1, 2, 3, 4, 5};
  const auto logits = run.prefill(ids);
  double sum = 0;
  for (std::size_t i = 0; logits && i < logits->size(); ++i) sum += double((*logits)[i]) * double(i + 1);
  return sum;
}
double infer_bundle(const bundle& bundle) { return bundle.weights.available() ? infer(bundle.weights) : -1; }
