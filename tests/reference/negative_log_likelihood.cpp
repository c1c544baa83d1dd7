// SPDX-License-Identifier: BSL-1.0
#include <support/finite_differences.hpp>
#include <typeformer/reference/negative_log_likelihood.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr std::int32_t ignore = -100;
constexpr index_type rows = 4, classes = 3;
const std::int32_t labels[] = {2, 0, ignore, 1};
const double class_weights[] = {0.5, 2, 3};

constexpr bool at_compile_time() {
  const double log_probabilities[] = {-1, -2};
  const std::int32_t label[] = {1};
  double loss[1] = {}, gradient[2] = {};
  reference::negative_log_likelihood<double>(1, {log_probabilities, 2}, label, ignore, nullptr, loss);
  reference::negative_log_likelihood_back<double>(1, 2, label, ignore, nullptr, loss, {gradient, 2});
  return loss[0] == 2 && gradient[0] == 0 && gradient[1] == -2;
}
static_assert(at_compile_time());

TEST_CASE("matches PyTorch 1.13's nll_loss in float64: negative_log_likelihood") {
  const std::vector<double> logits{1, 2, 3, 0, -1, 4, 2, 2, 2, 1, 0, 0};
  std::vector<double> log_probabilities = logits, losses(rows);
  reference::log_softmax<double>(rows, classes, rows_of(logits, classes), rows_of(log_probabilities, classes));
  reference::negative_log_likelihood<double>(rows, rows_of(log_probabilities, classes), labels, ignore, class_weights,
                                             losses.data());
  const double expected[] = {1.2228178933331413, 2.012372445069411, 0, 3.102889427864102};
  for (std::size_t row = 0; row < 4; ++row) CHECK(losses[row] == Approx(expected[row]).epsilon(1e-14));
  const double sum = reference::reduce_losses<reduction::sum, double>(rows, labels, ignore, losses.data());
  CHECK(sum == Approx(6.338079766266654).epsilon(1e-14));
  CHECK(sum / reference::total_label_weight<double>(rows, labels, ignore, class_weights) ==
        Approx(1.1523781393212098).epsilon(1e-14));
  reference::negative_log_likelihood<double>(rows, rows_of(log_probabilities, classes), labels, ignore, nullptr,
                                             losses.data());
  CHECK(reference::total_label_weight<double>(rows, labels, ignore, nullptr) == 3);
  CHECK(reference::reduce_losses<reduction::mean, double>(rows, labels, ignore, losses.data()) ==
        Approx(1.994598522838418).epsilon(1e-14));
}

TEST_CASE("matches finite differences: gradient of negative_log_likelihood") {
  auto log_probabilities = normal_numbers(rows * classes, 1);
  const std::vector<double> dlosses{1, -2, 5, 0.5};
  std::vector<double> losses(rows), gradient(log_probabilities.size(), 7);
  reference::negative_log_likelihood_back<double>(rows, classes, labels, ignore, class_weights, dlosses.data(),
                                                  rows_of(gradient, classes));
  check_gradient(log_probabilities, gradient, [&] {
    reference::negative_log_likelihood<double>(rows, rows_of(log_probabilities, classes), labels, ignore, class_weights,
                                               losses.data());
    return dot(losses, dlosses);
  });
  for (std::size_t c = 0; c < 3; ++c) CHECK(gradient[6 + c] == 0);
}

}  // namespace
}  // namespace typeformer
