// SPDX-License-Identifier: BSL-1.0
#include <array>

#include <support/catch.hpp>
#include <typeformer/reference/series_scale.hpp>

namespace typeformer {
namespace {

constexpr std::array<float, 8> two_channels{1, 9, 3, -9, 5, 9, 7, -9};

constexpr auto standard = reference::standardizing<double>(two_channels.data(), 4, 2, 4.0);
static_assert(standard.shift == 4);  // the mean of 1, 3, 5 and 7, whose variance is 5
static_assert(standard.of(7) > 0.9999999 && standard.of(7) < 1.0000001);  // 3 / √(5 + 4)

constexpr auto of_second = reference::dividing_by_mean<double>(two_channels.data() + 1, 4, 2, 1e-10);
static_assert(of_second.of(18) == 2);
constexpr std::array<float, 2> zeros{};
static_assert(reference::dividing_by_mean<double>(zeros.data(), 2, 1, 0.5).of(3) == 6);

TEST_CASE("leaves the numbers of a series as they are without a scale") {
  CHECK(reference::series_scale<float>{}.of(1.25f) == 1.25f);
}

}  // namespace
}  // namespace typeformer
