// SPDX-License-Identifier: BSL-1.0
#include <typeformer/foundation/float16.hpp>

#include <cmath>
#include <limits>
#include <support/catch.hpp>

using typeformer::float16;

namespace {

double value_by_definition(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1f, fraction = bits & 0x3ff;
  const double magnitude = exponent == 0x1f ? std::numeric_limits<double>::infinity()
                           : exponent == 0  ? std::ldexp(fraction, -14 - 10)
                                            : std::ldexp(1024 + fraction, exponent - 15 - 10);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

bool is_nan(std::uint16_t bits) { return (bits & 0x7fff) > 0x7c00; }

}  // namespace

static_assert(float16(1.0F).bits == 0x3c00);
static_assert(float16(-2.0F).bits == 0xc000);
static_assert(float{float16(0.1F)} == 0.0999755859375F);
static_assert(float16(65504.0F).bits == 0x7bff);
static_assert(float16(65519.996F).bits == 0x7bff);
static_assert(float16(65520.0F).bits == 0x7c00);
static_assert(float16(0x1p-24F).bits == 1);
static_assert(float16(0x1p-25F).bits == 0);
static_assert(float16(0x1.000002p-25F).bits == 1);
static_assert(std::is_trivially_copyable_v<float16> && sizeof(float16) == 2);

TEST_CASE("converts every half to the float of its definition and back", "[float16]") {
  int wrong_values = 0, wrong_ways_back = 0, nans = 0;
  for (std::uint32_t pattern = 0; pattern < 0x10000; ++pattern) {
    const auto bits = static_cast<std::uint16_t>(pattern);
    const float value = float16::from_bits(bits);
    if (is_nan(bits)) {
      ++nans;
      wrong_values += std::isnan(value) ? 0 : 1;
      wrong_ways_back += float16(value).bits == (bits | 0x200) ? 0 : 1;
    } else {
      const double expected = value_by_definition(bits);
      wrong_values += double{value} == expected && std::signbit(value) == std::signbit(expected) ? 0 : 1;
      wrong_ways_back += float16(value).bits == bits ? 0 : 1;
    }
  }
  CHECK(nans == 2 * 1023);
  CHECK(wrong_values == 0);
  CHECK(wrong_ways_back == 0);
}

TEST_CASE("rounds a float to the nearest half, ties to even", "[float16]") {
  int wrong = 0;
  for (std::uint32_t lower = 0; lower < 0x10000; ++lower) {
    if ((lower & 0x7fff) >= 0x7bff) continue;
    const auto upper = static_cast<std::uint16_t>(lower + 1);
    const auto even = (lower & 1) == 0 ? static_cast<std::uint16_t>(lower) : upper;
    const auto low_value = static_cast<float>(value_by_definition(static_cast<std::uint16_t>(lower)));
    const auto high_value = static_cast<float>(value_by_definition(upper));
    const float middle = (low_value + high_value) / 2.0F;
    wrong += float16(std::nextafter(middle, low_value)).bits == lower ? 0 : 1;
    wrong += float16(std::nextafter(middle, high_value)).bits == upper ? 0 : 1;
    wrong += float16(middle).bits == even ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("converts numbers out of a half's range to infinity, zero or NaN", "[float16]") {
  CHECK(float16(std::numeric_limits<float>::max()).bits == 0x7c00);
  CHECK(float16(-std::numeric_limits<float>::infinity()).bits == 0xfc00);
  CHECK(float16(-std::numeric_limits<float>::denorm_min()).bits == 0x8000);
  CHECK(std::isnan(float{float16(std::bit_cast<float>(0x7f800001U))}));
  CHECK(std::signbit(float{float16(std::bit_cast<float>(0xff800001U))}));
}

#if defined(__FLT16_MANT_DIG__)
TEST_CASE("rounds to half as the compiler's own half does", "[float16]") {
  __extension__ using compiler_half = _Float16;
  int wrong = 0;
  constexpr std::uint32_t prime_step = 997;
  for (std::uint64_t pattern = 0; pattern <= 0xffffffffU; pattern += prime_step) {
    const float value = std::bit_cast<float>(static_cast<std::uint32_t>(pattern));
    if (std::isnan(value)) continue;
    wrong += float16(value).bits == std::bit_cast<std::uint16_t>(static_cast<compiler_half>(value)) ? 0 : 1;
  }
  CHECK(wrong == 0);
}
#endif
