// SPDX-License-Identifier: BSL-1.0
#include <typeformer/foundation/bfloat16.hpp>

#include <cmath>
#include <limits>
#include <support/catch.hpp>

using typeformer::bfloat16;

namespace {

float float_of_bits(std::uint32_t bits) { return std::bit_cast<float>(bits); }

// The value by its definition: (-1)^s 2^(e-127) (1 + f/128), or (-1)^s 2^-126 f/128 for e = 0.
double value_by_definition(std::uint16_t bits) {
  const int exponent = (bits >> 7) & 0xff, fraction = bits & 0x7f;
  const double magnitude = exponent == 0xff ? std::numeric_limits<double>::infinity()
                           : exponent == 0  ? std::ldexp(fraction, -126 - 7)
                                            : std::ldexp(128 + fraction, exponent - 127 - 7);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

bool is_nan(std::uint16_t bits) { return (bits & 0x7fff) > 0x7f80; }

}  // namespace

static_assert(bfloat16(1.0F).bits == 0x3f80);
static_assert(float{bfloat16(3.14159F)} == 3.140625F);
static_assert(bfloat16(std::numeric_limits<float>::max()).bits == 0x7f80);
static_assert(std::is_trivially_copyable_v<bfloat16> && sizeof(bfloat16) == 2);

TEST_CASE("converts every bfloat16 to the float of its definition and back", "[bfloat16]") {
  int wrong_values = 0, wrong_ways_back = 0, nans = 0;
  for (std::uint32_t pattern = 0; pattern < 0x10000; ++pattern) {
    const auto bits = static_cast<std::uint16_t>(pattern);
    const float value = bfloat16::from_bits(bits);
    if (is_nan(bits)) {
      ++nans;
      wrong_values += std::isnan(value) ? 0 : 1;
      wrong_ways_back += bfloat16(value).bits == (bits | 0x40) ? 0 : 1;
    } else {
      const double expected = value_by_definition(bits);
      wrong_values += double{value} == expected && std::signbit(value) == std::signbit(expected) ? 0 : 1;
      wrong_ways_back += bfloat16(value).bits == bits ? 0 : 1;
    }
  }
  CHECK(nans == 2 * 127);
  CHECK(wrong_values == 0);
  CHECK(wrong_ways_back == 0);
}

TEST_CASE("rounds a float to the nearest bfloat16, ties to even", "[bfloat16]") {
  int wrong = 0;
  for (std::uint32_t lower = 0; lower < 0x10000; ++lower) {
    if ((lower & 0x7fff) >= 0x7f80) continue;
    const auto upper = static_cast<std::uint16_t>(lower + 1);
    const auto even = (lower & 1) == 0 ? static_cast<std::uint16_t>(lower) : upper;
    const auto rounded = [&](std::uint32_t rest) { return bfloat16(float_of_bits((lower << 16) | rest)).bits; };
    for (const std::uint32_t below : {0x0000U, 0x0001U, 0x4000U, 0x7fffU}) wrong += rounded(below) == lower ? 0 : 1;
    for (const std::uint32_t above : {0x8001U, 0xc000U, 0xffffU}) wrong += rounded(above) == upper ? 0 : 1;
    wrong += rounded(0x8000U) == even ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("keeps a NaN whose payload is only in the lower half as a NaN in bfloat16", "[bfloat16]") {
  CHECK(std::isnan(float{bfloat16(float_of_bits(0x7f800001))}));
  CHECK(std::isnan(float{bfloat16(float_of_bits(0x7fffffff))}));
  CHECK(std::isnan(float{bfloat16(float_of_bits(0xffffffff))}));
  CHECK(std::signbit(float{bfloat16(float_of_bits(0xff800001))}));
}
