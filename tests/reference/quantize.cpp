// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/reference/quantize.hpp>

namespace typeformer {
namespace {

using numbers = std::vector<float>;
using whole_numbers = std::vector<std::int32_t>;

whole_numbers quantized(const numbers& x, affine_quantization of, integer_range range) {
  whole_numbers q;
  for (const float number : x) q.push_back(reference::quantize(number, of, range));
  return q;
}

static_assert(reference::quantize(2.5F, {1}, range_of_int8) == 2 &&
              reference::quantize(-3.5F, {1}, range_of_int8) == -4);
static_assert(reference::dequantize(-3, {0.5F, 1}) == -2);

// The examples of ONNX's QuantizeLinear, DequantizeLinear and DynamicQuantizeLinear.
TEST_CASE("quantizes ONNX's examples") {
  CHECK(quantized({0, 2, 3, 1000, -254, -1000}, {2, 128}, range_of_uint8) == whole_numbers{128, 129, 130, 255, 1, 0});
  CHECK(quantized({0, 2.5F, 4.8F, 8.6F}, {2, 1}, range_of_uint4) == whole_numbers{1, 2, 3, 5});
  CHECK(quantized({12, 15, 16, 40}, {4, 1}, range_of_uint4) == whole_numbers{4, 5, 5, 11});
  CHECK(quantized({0, 2.5F, 4.8F, 8.6F}, {2}, range_of_int2) == whole_numbers{0, 1, 1, 1});
  CHECK(quantized({65536, -65534, 70000, -70000}, {2, 32767}, range_of_uint16) == whole_numbers{65535, 0, 65535, 0});
  for (const auto& [q, x] : {std::pair{0, -2.0F}, {1, 0.0F}, {7, 12.0F}, {-4, -10.0F}, {-8, -18.0F}})
    CHECK(reference::dequantize(q, {2, 1}) == x);
  const auto spread = reference::spread_quantization(-3, 2, range_of_uint8);
  CHECK(spread.scale == 0.019607843831181526F);
  CHECK(spread.zero_point == 153);
  CHECK(quantized({0, 2, -3, -2.5F, 1.34F, 0.5F}, spread, range_of_uint8) == whole_numbers{153, 255, 0, 26, 221, 179});
}

TEST_CASE("returns numbers of the range after dequantizing and quantizing") {
  for (const integer_range range : {range_of_int2, range_of_uint2, range_of_int4, range_of_uint4, range_of_int8,
                                    range_of_uint8, range_of_int16, range_of_uint16})
    for (const affine_quantization of : {affine_quantization{1}, {0.1F, 1}, {3e-5F, -1}, {7e20F, 0}}) {
      int lost = 0;
      for (std::int32_t q = range.lowest; q <= range.highest; ++q)
        lost += reference::quantize(reference::dequantize(q, of), of, range) != q;
      CHECK(lost == 0);
    }
}

TEST_CASE("rounds as the standard library in quantize, half to even") {
  int wrong = 0;
  for (int eighth = -128 * 8; eighth <= 127 * 8; ++eighth) {
    const float x = static_cast<float>(eighth) / 8;
    wrong += reference::quantize(x, {1}, range_of_int8) != static_cast<int>(std::nearbyint(x));
  }
  CHECK(wrong == 0);
}

TEST_CASE("quantizes NaN, infinities, huge numbers and with a scale of 0") {
  constexpr float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(quantized({infinity, -infinity, 1e38F, -1e38F, nan}, {1, 3}, range_of_uint8) ==
        whole_numbers{255, 0, 255, 0, 3});
  CHECK(quantized({infinity, 0, 5, nan}, {0, 3}, range_of_uint8) == whole_numbers{3, 3, 3, 3});
  CHECK(quantized({1e30F, -1e30F}, {1e-30F}, range_of_int4) == whole_numbers{7, -8});
}

TEST_CASE("represents 0 exactly in spread_quantization, even if all numbers have one sign") {
  for (const auto& [least, most] : {std::pair{-3.0F, 2.0F}, {1.0F, 4.0F}, {-4.0F, -1.0F}, {0.0F, 0.0F}}) {
    const auto spread = reference::spread_quantization(least, most, range_of_uint8);
    INFO(least << " " << most);
    CHECK(reference::dequantize(reference::quantize(0, spread, range_of_uint8), spread) == 0);
    CHECK(std::abs(reference::dequantize(reference::quantize(most, spread, range_of_uint8), spread) - most) <=
          spread.scale);
    CHECK(std::abs(reference::dequantize(reference::quantize(least, spread, range_of_uint8), spread) - least) <=
          spread.scale);
  }
}

}  // namespace
}  // namespace typeformer
