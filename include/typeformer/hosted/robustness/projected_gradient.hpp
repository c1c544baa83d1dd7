// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include <typeformer/foundation/config.hpp>
#include <typeformer/foundation/precondition.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/objectives/batch_error.hpp>
#include <typeformer/shape/token_batch.hpp>

namespace typeformer {

/// An attack on the embedding. One step of the size of the radius is the fast gradient sign method (Goodfellow et al.
/// 2015, arXiv:1412.6572).
struct gradient_attack {
  double radius = 0;  ///< no number of the embedding moves farther
  index_type steps = 100;
  double step = 0;  ///< by which each number moves; 0: 2.5 · radius / steps
};

/// Projected gradient ascent: the shift [rows][width] of the embedding, within the radius, with the largest loss that was
/// found (Madry et al. 2018, arXiv:1706.06083, §2.1), and that loss.
template <class Scalar> struct attacked_embedding {
  std::vector<Scalar> shift;
  Scalar clean_loss{0}, loss{0};
};

/// `Gradients` is an `input_gradients<M, Objective>`, whose objective is the loss. It starts from the embedding itself.
/// Errors as for `Gradients::run`. Precondition: the radius is not negative. Cost: steps + 1 runs.
template <class Gradients>
result<attacked_embedding<typename Gradients::scalar_type>, batch_error> attack(
    Gradients& of, const typename Gradients::scalar_type* parameters, const token_batch& batch,
    const gradient_attack& how) {
  using scalar = typename Gradients::scalar_type;
  TYPEFORMER_PRECONDITION(how.radius >= 0 && how.steps >= 0);
  const scalar radius = scalar(how.radius), step = scalar(how.step > 0    ? how.step
                                                          : how.steps > 0 ? 2.5 * how.radius / double(how.steps)
                                                                          : 0.0);
  const auto clean = of.run(parameters, batch);
  if (!clean) return failure{clean.error()};
  std::vector<scalar> shift(of.gradient().size());
  attacked_embedding<scalar> worst{shift, *clean, *clean};
  for (index_type n = 0; n < how.steps; ++n) {
    for (std::size_t i = 0; i < shift.size(); ++i) {
      const scalar slope = of.gradient()[i];
      const scalar moved = shift[i] + (slope > 0 ? step : slope < 0 ? -step : scalar{0});
      shift[i] = (std::min)((std::max)(moved, -radius), radius);
    }
    const auto loss = of.run(parameters, batch, shift);
    if (!loss) return failure{loss.error()};
    if (*loss > worst.loss) worst = {shift, *clean, *loss};
  }
  return worst;
}

}  // namespace typeformer
