// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>

#include <support/catch.hpp>
#include <typeformer/foundation/uniform_below.hpp>

namespace tf = typeformer;

TEST_CASE("draws every number below the size with the same probability", "[random]") {
  constexpr std::uint32_t size = 6;
  constexpr int draws = 60'000;
  tf::philox generator{7};
  std::array<int, size> counts{};
  for (int i = 0; i < draws; ++i) ++counts.at(tf::uniform_below(size, generator));
  double chi_square = 0;
  for (const int count : counts) chi_square += (count - draws / 6.0) * (count - draws / 6.0) / (draws / 6.0);
  CHECK(chi_square < 20.5);  // passed with probability 0.999 at five degrees of freedom
}

TEST_CASE("draws words again that would favor some numbers", "[random]") {
  constexpr std::uint32_t size = 0xC000'0000;  // a quarter of all words would be surplus
  constexpr int draws = 40'000;
  tf::philox generator{8}, words{8};
  int below_third = 0;
  for (int i = 0; i < draws; ++i) {
    const std::uint32_t drawn = tf::uniform_below(size, generator);
    REQUIRE(drawn < size);
    below_third += drawn < size / 3;
  }
  CHECK(std::abs(below_third - draws / 3.0) < 3 * 94.3);  // three standard errors
  words.discard(draws);
  CHECK_FALSE(words == generator);
  CHECK(tf::uniform_below(1, generator) == 0);
}
