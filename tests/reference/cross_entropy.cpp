// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/cross_entropy.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr std::int32_t ignore = -100, labels[] = {2, ignore, 0, 4};
constexpr index_type rows = 4, classes = 5;

constexpr bool at_compile_time() {
  const double logits[] = {1, 1};
  const std::int32_t label[] = {1};
  double loss[1] = {}, dlogits[2] = {};
  reference::cross_entropy<double>(1, 2, {logits, 2}, label, ignore, 0.0, loss);
  reference::cross_entropy_back<double>(1, 2, {logits, 2}, label, ignore, 0.0, loss, {dlogits, 2});
  return math::fabs(loss[0] - 0.6931471805599453) < 1e-15 && dlogits[0] > 0 && dlogits[1] == -dlogits[0];
}
static_assert(at_compile_time());

template <reduction R> void check_cross_entropy_gradient(double smoothing) {
  auto logits = normal_numbers(rows * classes, 1);
  std::vector<double> losses(rows), dlogits(logits.size());
  reference::reduce_losses_back<R, double>(rows, labels, ignore, 1.5, losses.data());
  reference::cross_entropy_back<double>(rows, classes, rows_of(logits, classes), labels, ignore, smoothing,
                                        losses.data(), rows_of(dlogits, classes));
  check_gradient(logits, dlogits, [&] {
    reference::cross_entropy<double>(rows, classes, rows_of(logits, classes), labels, ignore, smoothing, losses.data());
    return 1.5 * reference::reduce_losses<R, double>(rows, labels, ignore, losses.data());
  });
  for (std::size_t c = 0; c < 5; ++c) CHECK(dlogits[5 + c] == 0);
}

TEST_CASE("matches finite differences: gradients of cross_entropy") {
  for (const double smoothing : {0.0, 0.2}) {
    check_cross_entropy_gradient<reduction::sum>(smoothing);
    check_cross_entropy_gradient<reduction::mean>(smoothing);
  }
}

TEST_CASE("divides the mean of cross_entropy by the rows that are not ignored") {
  const double losses[] = {3, 0, 6, 0};
  CHECK(reference::reduce_losses<reduction::sum, double>(rows, labels, ignore, losses) == 9);
  CHECK(reference::reduce_losses<reduction::mean, double>(rows, labels, ignore, losses) == 3);
  const std::int32_t all_ignored[] = {ignore};
  CHECK(reference::reduce_losses<reduction::mean, double>(1, all_ignored, ignore, losses + 1) == 0);
}

}  // namespace
}  // namespace typeformer
