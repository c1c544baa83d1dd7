// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/foundation/math.hpp>
#include <typeformer/foundation/result.hpp>

namespace typeformer {

/// How the predictions of a session differ from those of a reference, such as one of the same model in float32. The logits
/// of all tokens but the last one of a text predict the next one.
struct prediction_quality {
  std::int64_t predictions = 0, same_choices = 0;
  double loss_sum = 0, reference_loss_sum = 0, divergence_sum = 0;

  /// e^loss, where the loss is the mean of -log p of the next token.
  double perplexity() const { return math::exp(loss_sum / double(predictions)); }
  double reference_perplexity() const { return math::exp(reference_loss_sum / double(predictions)); }
  /// The mean Kullback-Leibler divergence KL(reference ‖ session) = Σ p log(p / q), in nats.
  double divergence() const { return divergence_sum / double(predictions); }
  /// The share of predictions whose likeliest token is the same.
  double top_1_agreement() const { return double(same_choices) / double(predictions); }

  /// Adds a prediction of token `next`.
  void add(std::span<const float> reference, std::span<const float> logits, std::int32_t next) {
    const distribution p{reference}, q{logits};
    ++predictions;
    same_choices += p.choice == q.choice;
    reference_loss_sum -= p.log_of(next);
    loss_sum -= q.log_of(next);
    for (std::size_t i = 0; i < reference.size(); ++i) {
      const auto id = static_cast<std::int32_t>(i);
      divergence_sum += math::exp(p.log_of(id)) * (p.log_of(id) - q.log_of(id));
    }
  }

 private:
  struct distribution {
    std::span<const float> logits;
    std::ptrdiff_t choice;
    double greatest, log_sum = 0;

    explicit distribution(std::span<const float> of)
        : logits{of},
          choice{std::max_element(of.begin(), of.end()) - of.begin()},
          greatest{double(of[std::size_t(choice)])} {
      for (const float x : of) log_sum += math::exp(double(x) - greatest);
      log_sum = math::log(log_sum);
    }
    double log_of(std::int32_t id) const { return double(logits[std::size_t(id)]) - greatest - log_sum; }
  };
};

/// Lets both sessions read a text from its beginning, token by token, and compares each prediction. `before` is what earlier
/// texts gave. Errors: those of `decode`. Cost: that of decoding the text twice, and 3 exponentials for each logit.
///
///     const auto quality = tf::compare_predictions(in_float32, narrow, text);
///     std::printf("%.3f nats\n", quality->divergence());
template <class Reference, class Session>
result<prediction_quality, inference_error> compare_predictions(Reference& reference, Session& session,
                                                                std::span<const std::int32_t> text,
                                                                prediction_quality before = {}) {
  reference.reset();
  session.reset();
  for (std::size_t t = 0; t + 1 < text.size(); ++t) {
    const auto expected = reference.decode(text[t]);
    if (!expected) return failure{expected.error()};
    const auto logits = session.decode(text[t]);
    if (!logits) return failure{logits.error()};
    if (text[t + 1] < 0 || std::size_t(text[t + 1]) >= logits->size())
      return rejected(inference_error::problem::id_outside_vocabulary, 0, text[t + 1], index_type(logits->size()));
    before.add(*expected, *logits, text[t + 1]);
  }
  return before;
}

}  // namespace typeformer
