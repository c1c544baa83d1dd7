// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <limits>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>

namespace typeformer {
namespace {

TEST_CASE("scales a long gradient down and leaves a short one unchanged") {
  std::vector<float> gradient(35, 0);
  gradient[0] = 3;
  gradient[34] = -4;
  SECTION("long") {
    CHECK(clip_gradients<float>(gradient, 1) == 5);
    CHECK(gradient[0] == Approx(0.6));
    CHECK(gradient[34] == Approx(-0.8));
    CHECK(gradient[17] == 0);
  }
  SECTION("short") {
    const std::vector<float> before = gradient;
    CHECK(clip_gradients<float>(gradient, 6) == 5);
    CHECK(gradient == before);
  }
}

TEST_CASE("computes a norm that neither overflows nor loses small elements") {
  CHECK(global_norm<float>(std::vector<float>(4, 1e30f)) == Approx(2e30));
  CHECK(global_norm<float>(std::vector<float>(4, 1e-30f)) == Approx(2e-30));
  std::vector<float> many(1 << 20, 1e-3f);
  many[0] = 1e3f;
  CHECK(global_norm<float>(many) == Approx(math::sqrt(1e6 + ((1 << 20) - 1) * 1e-6)).epsilon(1e-9));
}

TEST_CASE("returns a norm that is not finite for a gradient that is not finite") {
  std::vector<float> gradient(20, 1);
  gradient[19] = std::numeric_limits<float>::quiet_NaN();
  const double norm = clip_gradients<float>(gradient, 1);
  CHECK(norm != norm);
  gradient.assign(20, std::numeric_limits<float>::infinity());
  CHECK(clip_gradients<float>(gradient, 1) == std::numeric_limits<double>::infinity());
}

static_assert([] {
  std::array<double, 2> gradient{3, 4};
  return clip_gradients<double>(gradient, 1) == 5 && gradient[0] < 0.6 && gradient[0] > 0.5999;
}());

}  // namespace
}  // namespace typeformer
