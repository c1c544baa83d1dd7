// SPDX-License-Identifier: BSL-1.0
#include <typeformer/foundation/int8.hpp>

#include <cmath>
#include <limits>
#include <support/catch.hpp>

using typeformer::dequantize_int8;
using typeformer::int8_scale;
using typeformer::quantize_int8;

static_assert(quantize_int8(2.5F, 1.0F) == 2);
static_assert(quantize_int8(3.5F, 1.0F) == 4);
static_assert(quantize_int8(-2.5F, 1.0F) == -2);
static_assert(quantize_int8(-3.5F, 1.0F) == -4);
static_assert(dequantize_int8(-3, 0.5F) == -1.5F);

TEST_CASE("returns every eight-bit number except -128 after dequantizing and quantizing", "[int8]") {
  for (const float scale : {1.0F, 0.5F, 0.1F, 3e-5F, 7e20F}) {
    for (int q = -127; q <= 127; ++q) {
      const auto quantized = static_cast<std::int8_t>(q);
      CHECK(quantize_int8(dequantize_int8(quantized, scale), scale) == q);
    }
  }
}

TEST_CASE("quantizes as the standard library rounds, half to even", "[int8]") {
  int wrong = 0;
  for (int eighth = -127 * 8; eighth <= 127 * 8; ++eighth) {
    const float value = static_cast<float>(eighth) / 8.0F;
    wrong += quantize_int8(value, 1.0F) == static_cast<int>(std::nearbyint(value)) ? 0 : 1;
  }
  CHECK(wrong == 0);
}

TEST_CASE("saturates numbers outside the range symmetrically", "[int8]") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  CHECK(quantize_int8(127.4F, 1.0F) == 127);
  CHECK(quantize_int8(1e30F, 1e-30F) == 127);
  CHECK(quantize_int8(-128.0F, 1.0F) == -127);
  CHECK(quantize_int8(-infinity, 1.0F) == -127);
  CHECK(quantize_int8(infinity, 1.0F) == 127);
  CHECK(quantize_int8(std::numeric_limits<float>::quiet_NaN(), 1.0F) == 0);
  CHECK(quantize_int8(0.0F, int8_scale(0.0F)) == 0);
  CHECK(quantize_int8(-6.0F, int8_scale(6.0F)) == -127);
}
