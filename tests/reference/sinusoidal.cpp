// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/sinusoidal.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr std::int32_t positions[] = {0, 1, 7, 511, 5000};
/// sin(p / 10000 ** (2 * i / 6)) and cos of the same, by Python 3.11's math module in double.
constexpr double expected[5][6] = {{0.0, 1.0, 0.0, 1.0, 0.0, 1.0},
                                   {0.8414709848078965, 0.5403023058681398, 0.046399223464731285, 0.9989229760406304,
                                    0.0021544330233656045, 0.9999976792064809},
                                   {0.6569865987187891, 0.7539022543433046, 0.31922465060631494, 0.9476790714399449,
                                    0.015080471170057421, 0.9998862832288925},
                                   {0.8817704007607503, -0.4716788741741842, -0.9877673068108677, 0.15593507493699174,
                                    0.8916225374888799, 0.4527794724166402},
                                   {-0.9879664387667768, 0.15466840618074712, -0.38795768176822093, 0.9216771870655299,
                                    -0.9751496438354779, -0.22154722324493398}};

template <class S> constexpr S worst_error() {
  S x[30] = {}, y[30] = {};
  for (index_type i = 0; i < 30; ++i) x[i] = S(0.5);
  reference::add_sinusoids<S>(5, 6, positions, 10000.0, {x, 6}, {y, 6});
  S worst{0};
  for (index_type row = 0; row < 5; ++row)
    for (index_type i = 0; i < 6; ++i)
      worst = math::greater(worst, math::fabs(y[row * 6 + i] - S(0.5 + expected[row][i])));
  return worst;
}
static_assert(worst_error<double>() < 2e-12);
static_assert(worst_error<float>() < 2e-7f);

TEST_CASE("computes sinusoids by the formula, at run time and at compile time") {
  CHECK(worst_error<double>() < 2e-12);  // an angle of 5000 carries the rounding of its frequency
  CHECK(worst_error<float>() < 2e-7f);
}

TEST_CASE("puts the sines of all pairs before the cosines") {
  const std::vector<double> zero(30);
  std::vector<double> pairs(30), halves(30);
  reference::add_sinusoids<double>(5, 6, positions, 10000.0, {zero.data(), 6}, {pairs.data(), 6});
  reference::add_sinusoids<double>(5, 6, positions, 10000.0, {zero.data(), 6}, {halves.data(), 6}, true);
  for (std::size_t i = 0; i < 30; ++i) CHECK(halves[i / 6 * 6 + i % 2 * 3 + i % 6 / 2] == pairs[i]);
}

TEST_CASE("adds sinusoids in place or beside, and leaves the rows between unchanged") {
  const index_type rows = 5, width = 6, stride = 8;
  const auto x = normal_numbers(rows * stride, 3);
  std::vector<double> y(x.size(), 7.0), in_place = x;
  reference::add_sinusoids<double>(rows, width, positions, 100.0, {x.data(), stride}, {y.data(), stride});
  reference::add_sinusoids<double>(rows, width, positions, 100.0, {in_place.data(), stride}, {in_place.data(), stride});
  for (index_type row = 0; row < rows; ++row)
    for (index_type i = 0; i < stride; ++i) {
      const auto at = static_cast<std::size_t>(row * stride + i);
      CHECK(y[at] == (i < width ? in_place[at] : 7.0));
      if (i >= width) CHECK(in_place[at] == x[at]);
    }
}

}  // namespace
}  // namespace typeformer
