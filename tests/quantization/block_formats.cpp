// SPDX-License-Identifier: BSL-1.0
#include <typeformer/quantization/block_formats.hpp>

#include <cmath>

#include <support/catch.hpp>

// What ggml makes of the same bytes is judged in tests/hosted/gguf.cpp.
namespace typeformer::quantization {
namespace {

template <class Format> struct coded {
  float x[Format::elements] = {};
};
template <class Format, class Number> constexpr coded<Format> round_trip(Number number) {
  coded<Format> given, back;
  for (int i = 0; i < Format::elements; ++i) given.x[i] = number(i);
  std::byte block[Format::bytes] = {};
  Format::encode(given.x, block);
  Format::decode(block, back.x);
  return back;
}

// The codes themselves come back, also in constant evaluation.
static_assert(round_trip<q8_0>([](int i) { return i == 0 ? -127.0F : float(i); }).x[31] == 31);
static_assert(round_trip<q4_0>([](int i) { return float(i % 16 - 8); }).x[7] == -1);
static_assert(round_trip<q5_0>([](int i) { return float(i - 16); }).x[31] == 15);
static_assert(round_trip<q4_1>([](int i) { return 0.5F * float(i % 16); }).x[9] == 4.5F);
static_assert(round_trip<q5_1>([](int i) { return 2.0F + 0.25F * float(i); }).x[31] == 9.75F);

}  // namespace

TEMPLATE_TEST_CASE("decodes what it encoded to within half a step", "[quantization]", q4_0, q4_1, q5_0, q5_1, q8_0) {
  for (const float scale : {1e-3F, 1.0F, 300.0F}) {
    const auto number = [&](int i) { return scale * std::sin(float(7 * i)); };
    const coded<TestType> back = round_trip<TestType>(number);
    // A step of 2 · scale / (levels - 1) at most, and its rounding to binary16; the end opposite to the farthest number
    // of Q4_0 and Q5_0 is cut by one step.
    constexpr float steps = TestType::bytes > 30 ? 254 : TestType::bytes > 20 ? 31 : 15;
    for (int i = 0; i < TestType::elements; ++i) CHECK(std::abs(back.x[i] - number(i)) <= 2.1F * scale / steps);
  }
}

TEMPLATE_TEST_CASE("encodes zeros and numbers whose step has no inverse", "[quantization]", q4_0, q4_1, q5_0, q5_1,
                   q8_0) {
  for (const float number : {0.0F, 1e-45F, -1e-40F}) {
    const coded<TestType> back = round_trip<TestType>([&](int) { return number; });
    for (const float x : back.x) CHECK(std::abs(x) <= 1e-7F);
  }
}

TEST_CASE("unpacks the 6-bit scales and minima of K blocks", "[quantization]") {
  std::byte packed[12] = {};
  const int scales[8] = {1, 2, 3, 63, 20, 40, 60, 17}, minima[8] = {5, 6, 7, 62, 33, 44, 55, 16};
  for (int i = 0; i < 4; ++i) {
    packed[i] = std::byte(scales[i] | (scales[i + 4] >> 4) << 6);
    packed[i + 4] = std::byte(minima[i] | (minima[i + 4] >> 4) << 6);
    packed[i + 8] = std::byte((scales[i + 4] & 15) | (minima[i + 4] & 15) << 4);
  }
  for (int i = 0; i < 8; ++i) {
    CHECK(k_scale::at(packed, i).scale == scales[i]);
    CHECK(k_scale::at(packed, i).minimum == minima[i]);
  }
}

}  // namespace typeformer::quantization
