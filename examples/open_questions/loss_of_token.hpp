// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>

namespace toy {

/// −ln of the probability that softmax(logits) gives to a token, in nats.
template <std::int32_t Vocabulary> double loss_of_token(const float* logits, std::int32_t token) {
  const double greatest = double(*std::max_element(logits, logits + Vocabulary));
  double sum = 0;
  for (std::int32_t i = 0; i < Vocabulary; ++i) sum += std::exp(double(logits[i]) - greatest);
  return greatest + std::log(sum) - double(logits[token]);
}

}  // namespace toy
