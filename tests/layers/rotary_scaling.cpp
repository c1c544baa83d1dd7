// SPDX-License-Identifier: BSL-1.0
// tests/layers/make_option_numbers.py prints the frequencies: those of two models of Hugging Face's transformers.
#include <array>
#include <cstdint>

#include <support/catch.hpp>
#include <typeformer/layers/rotary_positions.hpp>
#include <typeformer/reference/rotary.hpp>

namespace typeformer {
namespace {

template <std::size_t Pairs>
constexpr bool near(const std::array<double, Pairs>& expected, double (*found)(index_type)) {
  for (std::size_t i = 0; i < Pairs; ++i)
    if (math::fabs(found(index_type(i)) - expected[i]) > 1e-13 * expected[i]) return false;
  return true;
}

template <index_type Width, number Theta, class Scaling>
constexpr double (*frequency_of)(index_type) = rotary_table_operation<Width, Theta, Scaling>::frequency;

static_assert(near<6>({1, 5.386086725079710e-02, 1.160397208403195e-02, 2.5e-03, 5.386086725079711e-04,
                       1.160397208403194e-04},
                      frequency_of<12, 10000.0, yarn_frequencies<4.0, 16>>));
static_assert(math::fabs(yarn_frequencies<4.0, 16>::amplitude - 1.138629436111989) < 1e-15);
static_assert(yarn_frequencies<0.5, 16>::amplitude == 1 && yarn_frequencies<4.0, 16, 32.0, 1.0, 0.8>::amplitude == 0.8);
static_assert(near<4>({5.760564010955116e-01, 4.700753866357992e-03, 1.767766952966369e-04, 6.647869871181235e-06},
                      frequency_of<8, 500000.0, llama3_frequencies<8.0, 1.0, 4.0, 16>>));

}  // namespace

TEST_CASE("divides positions: rotary_table with a position_divisor") {
  const std::int32_t positions[] = {0, 4, 10}, halves[] = {0, 2, 5};
  std::array<double, 18> divided{}, expected{};
  reference::rotary_table<double>(3, positions, 6, frequency_of<6, 100.0, position_divisor<2.0>>, 1.0, divided.data());
  reference::rotary_table<double>(3, halves, 6, frequency_of<6, 100.0, position_divisor<1.0>>, 1.0, expected.data());
  CHECK(divided == expected);
}

TEST_CASE("multiplies cosines and sines by the amplitude: rotary_table") {
  const std::int32_t positions[] = {0, 3};
  std::array<double, 8> one{}, two{};
  reference::rotary_table<double>(2, positions, 4, frequency_of<4, 100.0, position_divisor<1.0>>, 1.0, one.data());
  reference::rotary_table<double>(2, positions, 4, frequency_of<4, 100.0, position_divisor<1.0>>, 2.0, two.data());
  for (std::size_t i = 0; i < one.size(); ++i) CHECK(two[i] == 2 * one[i]);
}

}  // namespace typeformer
