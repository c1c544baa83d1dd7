// SPDX-License-Identifier: BSL-1.0
// A layer with a state, from outside the library, obeys its laws.
#include "../causal_convolution.hpp"

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>

namespace tf = typeformer;

namespace {

/// Twice in a loop, so that each has its own state, beside an attention with a state.
struct convolved_model
    : tf::laws::small_stack<tf::repeat<
          2, tf::residual<tf::named<"norm", tf::layer_norm<>>, tf::named<"convolution", mine::causal_convolution>,
                          tf::named<"attention", tf::self_attention<tf::heads<2>, tf::causal>>>>> {};

}  // namespace

TEST_CASE("a convolution over tokens obeys the laws", "[laws]") {
  tf::laws::check_verdict(tf::laws::examine_layer<mine::causal_convolution, 6>());
}
TEST_CASE("a model with a convolution over tokens obeys the laws", "[laws]") {
  tf::laws::check_verdict(tf::laws::examine_model<convolved_model>());
}

// Numbers from the formula: y_t = w_0 x_t + w_1 x_(t-1) + w_2 x_(t-2).
TEST_CASE("a convolution sees the token and the two valid ones before", "[laws]") {
  const float weight[] = {100, 10, 1}, inputs[] = {1, 2, 3, 4};
  float y[4];
  mine::convolve<1, float>(0, 4, nullptr, {inputs, 1}, {weight, 3, 1}, {y, 1});
  CHECK(std::vector<float>(y, y + 4) == std::vector<float>{100, 210, 321, 432});
  const std::uint8_t valid[] = {1, 0, 1, 1};
  mine::convolve<1, float>(0, 4, valid, {inputs, 1}, {weight, 3, 1}, {y, 1});
  CHECK(std::vector<float>(y, y + 4) == std::vector<float>{100, 0, 310, 431});
}
