// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <cstddef>
#include <vector>

#include <typeformer/parameters/narrow_weights.hpp>

namespace typeformer {

/// What a format did to one operand, which the first of its tensors names.
struct rounding_error {
  tensor_name first;
  double relative;  ///< √(Σ (ŵ - w)² / Σ w²); 0 for an operand of zeros that stayed so
};

/// Of every operand that a format narrows, in the order of the parameters.
///
///     for (const tf::rounding_error& one : tf::rounding_errors(narrow, parameters))
///       std::printf("%-40s %.2f %%\n", std::string(one.first.view()).c_str(), 100 * one.relative);
template <class M, class Format>
std::vector<rounding_error> rounding_errors(const weights<M, Format>& narrow, const parameters<M>& canonical) {
  std::vector<rounding_error> all;
  std::vector<float> meant;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    const index_type rows = rows_of_operand(layout_of<M>, t), columns = t.of->columns;
    if (!is_first_of_operand(layout_of<M>, t) || !narrows<Format>(t.of->kind, rows, columns)) return;
    meant.resize(std::size_t(rows * columns));
    narrow.widen(t, meant.data());
    double difference = 0, size = 0;
    for (std::size_t i = 0; i < meant.size(); ++i) {
      const double w = double(canonical.of(t)[i]);
      difference += (double(meant[i]) - w) * (double(meant[i]) - w);
      size += w * w;
    }
    all.push_back({t.name(), difference == 0 ? 0 : std::sqrt(difference / size)});
  });
  return all;
}

}  // namespace typeformer
