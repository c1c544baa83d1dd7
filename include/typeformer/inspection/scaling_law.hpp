// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <cstdint>

#include <typeformer/foundation/math.hpp>
#include <typeformer/inspection/parameter_count.hpp>

namespace typeformer {

/// The loss in nats a token of a language model of N parameters after training on D tokens: floor + A / N^α + B / D^β
/// (Hoffmann et al. 2022, arXiv:2203.15556, eq. 2).
struct scaling_law {
  double floor, a, b, alpha, beta;

  constexpr double loss(double parameters, double tokens) const {
    return floor + a / math::pow(parameters, alpha) + b / math::pow(tokens, beta);
  }
  /// The tokens for which no other size reaches a lower loss with the same compute, which is 6 N D FLOPs: there α A / N^α
  /// = β B / D^β.
  constexpr double optimal_tokens(double parameters) const {
    return math::pow(beta * b / (alpha * a) * math::pow(parameters, alpha), 1 / beta);
  }
};

/// As published (§D.3). Its optimum has more tokens than that of the paper's other two approaches: 100 for each parameter
/// of a model of 70 billion, in place of 20.
inline constexpr scaling_law chinchilla_law{1.69, 406.4, 410.7, 0.34, 0.28};
/// The fit to the same runs that agrees with the other approaches (Besiroglu et al. 2024, arXiv:2404.10102).
inline constexpr scaling_law refitted_chinchilla_law{1.8172, 482.01, 2085.43, 0.3478, 0.3658};

/// How many tokens a model should be trained on if compute is what is scarce, as a constant of its type. Laws are fitted
/// to decoders of 44 million to 16 billion parameters on web text; elsewhere it is an extrapolation.
///
/// ```cpp
///   static_assert(tf::compute_optimal_tokens<my_gpt> > 20 * tf::parameter_count<my_gpt>);
/// ```
template <Model M, scaling_law Law = refitted_chinchilla_law>
inline constexpr std::int64_t compute_optimal_tokens =
    static_cast<std::int64_t>(Law.optimal_tokens(double(parameter_count<M>)));

/// The loss that a law predicts for a model after so many tokens of the law's text.
template <Model M, scaling_law Law = refitted_chinchilla_law> constexpr double predicted_loss(double tokens) {
  return Law.loss(double(parameter_count<M>), tokens);
}

}  // namespace typeformer
