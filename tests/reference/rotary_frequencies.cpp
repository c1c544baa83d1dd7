// SPDX-License-Identifier: BSL-1.0
#include <support/catch.hpp>

#include <typeformer/reference/rotary_frequencies.hpp>

namespace typeformer {

TEST_CASE("keeps fast rotations and divides slow ones: Llama 3's frequencies") {
  const reference::llama3_scaling scaling{8, 1, 4, 8192};
  const double turn = 6.283185307179586477;
  CHECK(reference::llama3_frequency(turn / 2000, scaling) == turn / 2000);
  CHECK(reference::llama3_frequency(turn / 9000, scaling) == turn / 9000 / 8);
  // Halfway between 1 and 4 periods: the mean of the frequency and an eighth of it.
  CHECK(reference::llama3_frequency(turn * 2.5 / 8192, scaling) == Approx(turn * 2.5 / 8192 * (1 + 0.125) / 2));
}

TEST_CASE("goes over at the pairs of the numbers of periods: YaRN's frequencies") {
  // 128 columns, θ = 10000 and 4096 tokens: 32 periods at pair 20.94…, 1 period at pair 45.03.
  const auto ramp = reference::yarn_ramp_of(128, 10000, 4096, 32, 1, true);
  CHECK(ramp.first == 20);
  CHECK(ramp.last == 46);
  const auto exact = reference::yarn_ramp_of(128, 10000, 4096, 32, 1, false);
  CHECK(exact.first == Approx(20.94448).epsilon(1e-5));
  CHECK(exact.last == Approx(45.02688).epsilon(1e-5));
  CHECK(reference::yarn_frequency(0.5, 20, ramp, 8) == 0.5);
  CHECK(reference::yarn_frequency(0.5, 33, ramp, 8) == Approx(0.5 * (1 + 0.125) / 2));
  CHECK(reference::yarn_frequency(0.5, 46, ramp, 8) == 0.5 / 8);
}

}  // namespace typeformer
