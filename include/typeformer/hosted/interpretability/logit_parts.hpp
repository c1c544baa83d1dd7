// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/observations.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/hosted/interpretability/changed_values.hpp>
#include <typeformer/hosted/interpretability/recorded_values.hpp>

namespace typeformer {

/// What a summand of the residual stream adds to a logit.
struct logit_part {
  shown_value value;
  double logit = 0;
};

/// A logit as a sum over the residual stream.
struct logit_parts {
  std::vector<logit_part> parts;  ///< the stack's input, and the output of each branch, in the order of the walk
  double bias = 0;                ///< what the biases of norm and head add
  double logit = 0;               ///< of the model

  double sum() const {
    double all = bias;
    for (const logit_part& part : parts) all += part.logit;
    return all;
  }
};

/// What is to be explained: the logit of `token` behind token `row`, minus that of `against` if there is one.
struct explained_logit {
  index_type row = 0;
  std::int32_t token = 0, against = -1;

  double of(std::span<const float> logits) const {
    return double(logits[std::size_t(token)]) - (against >= 0 ? double(logits[std::size_t(against)]) : 0.0);
  }
};

namespace detail {

/// The layers behind the last block as a function of single rows: a pass reads as many rows as the text has tokens.
template <class Pass> class rows_reader {
 public:
  rows_reader(Pass& pass, std::span<const std::int32_t> ids, shown_value last) : pass_{pass}, ids_{ids}, last_{last} {}

  result<value_table, inference_error> logits(const value_table& rows) {
    value_table all(rows.rows, Pass::vocabulary);
    const index_type at_once = index_type(ids_.size());
    for (index_type first = 0; first < rows.rows; first += at_once) {
      const index_type count = (std::min)(at_once, rows.rows - first);
      value_table some(count, rows.width);
      for (index_type r = 0; r < count; ++r) std::ranges::copy(rows.row(first + r), some.row(r).begin());
      changed_values change;
      change.copy({.value = last_, .rows = count}, std::move(some));
      const auto run = pass_.run(ids_, change.observer());
      if (!run) return failure{run.error()};
      for (index_type r = 0; r < count; ++r) std::copy_n((*run)[r], Pass::vocabulary, all.row(first + r).begin());
    }
    return all;
  }

 private:
  Pass& pass_;
  std::span<const std::int32_t> ids_;
  shown_value last_;
};

/// The root of the mean square, of the deviations from the mean if a norm subtracts that.
inline double size_of(std::span<const float> x, bool centered) {
  double sum = 0, squares = 0;
  for (const float each : x) sum += double(each), squares += double(each) * double(each);
  const double n = double(x.size()), mean = centered ? sum / n : 0;
  return std::sqrt(std::max(0.0, squares / n - mean * mean));
}

inline void set_scaled(std::span<float> to, std::span<const float> from, double factor, double shift = 0) {
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = float(double(from[i]) * factor + shift);
}

}  // namespace detail

/// Direct logit attribution: the logit as the sum of what the stack's input and every branch of every block add to it
/// (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"), where the divisor of the final norm is that
/// of the run.
///
/// `Pass` is a `forward_pass<M, observing>` of a model whose blocks add their branches to their inputs, and whose layers
/// behind the blocks are at most a norm and a linear head. For others, such as post-norm blocks and capped logits, `sum()`
/// is not `logit`, and that is how it shows. Each summand c is read as s · c, whose size is that of the whole stream, so
/// that the norm divides both by the same: the logit of c is then that of s · c, without bias, over s. The bias is the
/// mean of the logits of x and −x. Errors as for `Pass::run`. Cost: 2 + (summands + 3) / tokens passes.
template <class Pass>
result<logit_parts, inference_error> parts_of_logit(Pass& pass, std::span<const std::int32_t> ids,
                                                    const explained_logit& asked) {
  recorded_values values{observation::stack_input, observation::branch_output, observation::block_output};
  const auto logits = pass.run(ids, values.observer());
  if (!logits) return failure{logits.error()};
  logit_parts found;
  found.logit = asked.of({(*logits)[asked.row], std::size_t(Pass::vocabulary)});
  const shown_value last{observation::block_output, values.count(observation::block_output) - 1};
  const std::span<const float> x = values.at(last).row(asked.row);
  detail::rows_reader<Pass> read{pass, ids, last};

  value_table probes(3, values.at(last).width);
  detail::set_scaled(probes.row(0), x, 1);
  detail::set_scaled(probes.row(1), x, -1);
  detail::set_scaled(probes.row(2), x, 1, detail::size_of(x, false));
  const auto probed = read.logits(probes);
  if (!probed) return failure{probed.error()};
  found.bias = (asked.of(probed->row(0)) + asked.of(probed->row(1))) / 2;
  double largest = 0, moved = 0;
  for (std::size_t i = 0; i < probed->row(0).size(); ++i) {
    largest = std::max(largest, double(std::abs(probed->row(0)[i])));
    moved = std::max(moved, double(std::abs(probed->row(2)[i] - probed->row(0)[i])));
  }
  const bool centered = moved <= 1e-3 * largest;  // the norm does not see a constant

  found.parts.push_back({{observation::stack_input, 0}, 0});
  for (index_type n = 0; n < values.count(observation::branch_output); ++n)
    found.parts.push_back({{observation::branch_output, n}, 0});
  value_table summands(index_type(found.parts.size()), probes.width);
  std::vector<double> scales;
  for (index_type n = 0; n < summands.rows; ++n) {
    const std::span<const float> c = values.at(found.parts[std::size_t(n)].value).row(asked.row);
    const double size = detail::size_of(c, centered);
    scales.push_back(size > 0 ? detail::size_of(x, centered) / size : 0);
    detail::set_scaled(summands.row(n), c, scales.back());
  }
  const auto read_summands = read.logits(summands);
  if (!read_summands) return failure{read_summands.error()};
  for (std::size_t n = 0; n < scales.size(); ++n)
    if (scales[n] > 0) found.parts[n].logit = (asked.of(read_summands->row(index_type(n))) - found.bias) / scales[n];
  return found;
}

}  // namespace typeformer
