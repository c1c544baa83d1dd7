// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cmath>
#include <span>
#include <string>

#include <typeformer/foundation/config.hpp>
#include <typeformer/text/number_text.hpp>

namespace typeformer {

/// Which losses of a step are so much greater than the previous ones that training stops: spikes. By default none are.
///
/// With μ and σ the mean and the standard deviation of the last `window` losses, a loss is a spike if it exceeds μ +
/// `deviations` σ, or `ratio` μ. A number that is 0 disables its condition. Before the window is full no loss is a
/// spike.
struct loss_guard {
  index_type window = 0;  ///< steps
  double deviations = 6;
  double ratio = 0;

  /// Why `loss` is a spike after the losses `last`; empty if it is not. Cost: two passes over the window.
  std::string spike(std::span<const double> last, double loss) const {
    if (window <= 0 || index_type(last.size()) < window) return {};
    double sum = 0, squares = 0;
    for (const double l : last) sum += l;
    const double mean = sum / double(last.size());
    for (const double l : last) squares += (l - mean) * (l - mean);
    const double deviation = std::sqrt(squares / double(last.size()));
    const bool is_far = deviations > 0 && loss > mean + deviations * deviation;
    const bool is_large = ratio > 0 && loss > ratio * mean;
    if (!is_far && !is_large) return {};
    return "the loss is " + rounded_text(loss, 6) + ", that of the " + exact_text(window) + " steps before " +
           rounded_text(mean, 6) + " with a standard deviation of " + rounded_text(deviation, 3);
  }
};

}  // namespace typeformer
