// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>

#include <typeformer/generation/softmax_weight.hpp>

#include <support/catch.hpp>

using typeformer::full_softmax_weight;
using typeformer::softmax_weight;

static_assert(softmax_weight(0.0f) == full_softmax_weight);
static_assert(softmax_weight(23.0f) == 0);
static_assert(softmax_weight(std::numeric_limits<float>::infinity()) == 0);
static_assert(softmax_weight(std::numeric_limits<float>::denorm_min()) == full_softmax_weight);

TEST_CASE("computes softmax_weight within two units of 2^-31, never growing with the distance") {
  double worst = 0;
  std::uint32_t previous = full_softmax_weight;
  bool monotone = true;
  for (int i = 0; i <= 2'500'000; ++i) {
    const float distance = static_cast<float>(i) * 1e-5f;
    const std::uint32_t weight = softmax_weight(distance);
    worst = std::max(worst, std::abs(weight - 0x1p31 * std::exp(-static_cast<double>(distance))));
    monotone = monotone && weight <= previous;
    previous = weight;
  }
  CHECK(worst <= 2.0);
  CHECK(monotone);
}
