// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/kernels/distance_sinusoids.hpp>

using namespace typeformer;

TEST_CASE("rotates sinusoids of distances from row to row to those of the reference") {
  for (const typeformer::index_type width : {2, 6, 32, 66, 768})
    for (const typeformer::index_type first : {0, 1, 37, 4000})
      for (const double theta : {10000.0, 50.0}) {
        constexpr typeformer::index_type rows = 2100;
        std::vector<float> found(std::size_t(rows * width));
        std::vector<double> expected(found.size());
        kernels::distance_sinusoids<float>(rows, width, first, theta, {found.data(), width});
        reference::distance_sinusoids<double>(rows, width, first, theta, {expected.data(), width});
        double worst = 0;
        for (std::size_t i = 0; i < found.size(); ++i)
          worst = std::max(worst, std::abs(double(found[i]) - expected[i]));
        INFO(width << " wide, from " << first << ", theta " << theta);
        CHECK(worst < 6.1e-8);  // half an ulp of 1, and what double loses
      }
}
