// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <support/catch.hpp>
#include <typeformer/typeformer.hpp>

using namespace typeformer;

namespace {

/// The patches of two channels of four moments are the moments; a row has the number of its moment in both columns.
template <class Scaling>
struct forecaster : encoder_only<series_embedding<channels<2>, series_length<4>, patch_length<1>, width<2>, Scaling>,
                                 learned_positions<context<8>, position_period<4>>,
                                 chunk_pooling<chunk_count<2>, chunk_rows<4>, all_of_rows>,
                                 channel_forecast<channels<2>, series_length<4>, forecast_length<3>, Scaling>> {};

/// Moments of channel 0: 1, 2, 3, 4; of channel 1: 10, 30, 10, 30.
constexpr std::array<float, 8> moments{1, 10, 2, 30, 3, 10, 4, 30};

/// Forecast t is the last moment plus t, on the scale of the channel: its weight is 1 for the first column of the last
/// row.
template <class Scaling> std::vector<float> forecast() {
  std::vector<float> values(std::size_t(layout_of<forecaster<Scaling>>.parameters));
  values[0] = values[1] = 1;         // the projection of a moment to two columns
  const std::size_t weight = 4 + 8;  // after the projection's bias and the table of positions
  for (std::size_t t = 0; t < 3; ++t) values[weight + t * 8 + 6] = 1, values[weight + 24 + t] = float(t);
  const auto weights = canonical_weights<forecaster<Scaling>>::from(values);
  REQUIRE(weights);
  forward_pass<forecaster<Scaling>, reads<canonical>> run{*weights};
  const auto y = run.run(std::span<const float>{moments});
  REQUIRE(y);
  return {(*y)[0], (*y)[0] + 6};
}

}  // namespace

TEST_CASE("forecasts each channel with the same weights, moment by moment") {
  CHECK(forecast<without_scaling>() == std::vector<float>{4, 30, 5, 31, 6, 32});
}
TEST_CASE("forecasts on the scale of the series") {
  const std::vector<float> by_mean = forecast<divided_by_mean>();
  const std::vector<float> expected{4, 30, 6.5f, 50, 9, 70};  // a unit is the mean of 2.5, or of 20
  for (std::size_t i = 0; i < 6; ++i) CHECK(by_mean[i] == Approx(expected[i]));
  const std::vector<float> standard = forecast<standardized>();
  const double deviation = std::sqrt(1.25 + 1e-5);
  CHECK(standard[0] == Approx(4));
  CHECK(standard[2] == Approx(4 + deviation));
  CHECK(standard[5] == Approx(30 + 2 * std::sqrt(100 + 1e-5)));
}
