// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <support/catch.hpp>

#include <typeformer/simd/pack.hpp>
#include <typeformer/simd/transpose.hpp>

namespace typeformer {
namespace {

using pack = simd::pack<float>;
constexpr auto lanes = static_cast<std::size_t>(pack::lanes);

std::vector<float> lanes_of(pack p) {
  std::vector<float> v(lanes);
  p.store(v.data());
  return v;
}

std::vector<float> ramp(float first, float step) {
  std::vector<float> v(lanes);
  for (std::size_t i = 0; i < lanes; ++i) v[i] = first + step * static_cast<float>(i);
  return v;
}

}  // namespace

TEST_CASE("computes lane by lane") {
  const auto a = ramp(-2.5f, 1.0f), b = ramp(3.0f, -0.75f), c = ramp(0.25f, 0.5f);
  const pack x = pack::load(a.data()), y = pack::load(b.data()), z = pack::load(c.data());
  const auto sum = lanes_of(x + y), difference = lanes_of(x - y), product = lanes_of(x * y), quotient = lanes_of(x / z),
             negated = lanes_of(-x), fused = lanes_of(fma(x, y, z)), smaller = lanes_of(lesser(x, y)),
             larger = lanes_of(greater(x, y)), magnitude = lanes_of(absolute(x)), root = lanes_of(sqrt(z)),
             chosen = lanes_of(select(x < y, x, z)), other = lanes_of(select(x > y, x, z)),
             nearest = lanes_of(round_to_nearest(x));
  for (std::size_t i = 0; i < lanes; ++i) {
    CHECK(sum[i] == a[i] + b[i]);
    CHECK(difference[i] == a[i] - b[i]);
    CHECK(product[i] == a[i] * b[i]);
    CHECK(quotient[i] == a[i] / c[i]);
    CHECK(negated[i] == -a[i]);
    CHECK(fused[i] == a[i] * b[i] + c[i]);  // exact: multiples of 1/8 below 2^10
    CHECK(smaller[i] == std::min(a[i], b[i]));
    CHECK(larger[i] == std::max(a[i], b[i]));
    CHECK(magnitude[i] == std::fabs(a[i]));
    CHECK(root[i] == std::sqrt(c[i]));
    CHECK(chosen[i] == (a[i] < b[i] ? a[i] : c[i]));
    CHECK(other[i] == (a[i] > b[i] ? a[i] : c[i]));
    CHECK(nearest[i] == std::nearbyint(a[i]));
  }
}

TEST_CASE("propagates a NaN in the second argument of lesser and greater") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const float v : lanes_of(lesser(pack(1.0f), pack(nan)))) CHECK(std::isnan(v));
  for (const float v : lanes_of(greater(pack(1.0f), pack(nan)))) CHECK(std::isnan(v));
}

TEST_CASE("fills partial loads with zero and leaves memory beyond partial stores unchanged") {
  std::vector<float> source(lanes, 7.0f);
  for (std::size_t n = 0; n <= lanes; ++n) {
    const std::vector<float> exact(n, 5.0f);  // reading beyond it is an error under a sanitizer
    const auto loaded = lanes_of(pack::load_partial(exact.data(), static_cast<index_type>(n)));
    std::vector<float> target(lanes, -1.0f);
    pack::load(source.data()).store_partial(target.data(), static_cast<index_type>(n));
    for (std::size_t i = 0; i < lanes; ++i) {
      CHECK(loaded[i] == (i < n ? 5.0f : 0.0f));
      CHECK(target[i] == (i < n ? 7.0f : -1.0f));
    }
  }
}

TEST_CASE("reduces every lane once") {
  auto v = ramp(1.0f, 1.0f);
  const auto n = static_cast<float>(lanes);
  CHECK(sum(pack::load(v.data())) == n * (n + 1) / 2);
  for (std::size_t i = 0; i < lanes; ++i) {
    v.assign(lanes, -3.0f);
    v[i] = 2.0f;
    CHECK(maximum(pack::load(v.data())) == 2.0f);
    CHECK(sum(pack::load(v.data())) == 5.0f - 3.0f * n);
  }
  const auto w = ramp(1.0f, 2.0f);
  const pack four[4] = {pack::load(w.data()), pack(1.0f), pack::load(w.data()) * 2.0f, pack(-0.5f)};
  float totals[4];
  sums(four, totals);
  CHECK(totals[0] == n * n);
  CHECK(totals[1] == n);
  CHECK(totals[2] == 2 * n * n);
  CHECK(totals[3] == -0.5f * n);
}

TEST_CASE("multiplies by powers of two whose factor alone would overflow") {
  for (int n = -125; n <= 127; ++n)
    for (const float v : lanes_of(times_power_of_two(pack(1.5f), pack(static_cast<float>(n)))))
      CHECK(v == std::ldexp(1.5f, n));
  for (const float v : lanes_of(times_power_of_two(pack(0.75f), pack(128.0f)))) CHECK(v == std::ldexp(0.75f, 128));
}

TEST_CASE("tells whether a mask holds in any lane") {
  std::vector<float> numbers(lanes, 1.0f);
  CHECK_FALSE(any(pack::load(numbers.data()) < pack(1.0f)));
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    numbers.assign(lanes, 1.0f);
    numbers[lane] = 0.5f;
    CHECK(any(pack::load(numbers.data()) < pack(1.0f)));
    CHECK_FALSE(any(pack::load(numbers.data()) > pack(1.0f)));
  }
}

TEST_CASE("computes exact powers of two over the whole range of exponents") {
  for (int n = -126; n <= 127; ++n)
    for (const float v : lanes_of(power_of_two(pack(static_cast<float>(n))))) CHECK(v == std::ldexp(1.0f, n));
  for (const float v : lanes_of(power_of_two(pack(-127.0f)))) CHECK(v == 0.0f);
}

TEST_CASE("exchanges row and lane when it transposes a square of packs") {
  pack rows[pack::lanes];
  for (std::size_t row = 0; row < lanes; ++row)
    rows[row] = pack::load(ramp(100.0f * static_cast<float>(row), 1.0f).data());
  simd::transpose(rows);
  for (std::size_t row = 0; row < lanes; ++row) {
    const auto v = lanes_of(rows[row]);
    for (std::size_t lane = 0; lane < lanes; ++lane)
      CHECK(v[lane] == 100.0f * static_cast<float>(lane) + static_cast<float>(row));
  }
}

}  // namespace typeformer
