// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <support/gradient_cases.hpp>
#include <typeformer/kernels/head_cross_entropy.hpp>
#include <typeformer/kernels/pack_panels.hpp>

namespace typeformer {
namespace {

using namespace testing;

constexpr std::int32_t ignore = -100;

template <class S> constexpr S at_compile_time() {
  const S h[] = {0, 1, 5, 5}, w[] = {1, 0, 1, 0};
  const std::int32_t labels[] = {1, ignore};
  S logits[2] = {}, dh[4] = {7, 7, 7, 7}, dw[4] = {};
  const S loss = kernels::head_cross_entropy_gradient<S>(2, {h, 2}, {w, 2, 2}, nullptr, {labels, ignore, 0, 1},
                                                         {1, logits, nullptr, nullptr}, {dh, 2}, {dw, 2, 2}, nullptr,
                                                         inline_workers{});
  return loss > S(0.693) && loss < S(0.694) && dw[1] == S(0.5) && dw[3] == S(-0.5) ? dh[2] : S(-1);
}
static_assert(at_compile_time<double>() == 0 && at_compile_time<float>() == 0);

enum class labeled { all, one_in_seven, none };

struct head_problem {
  index_type rows, width, classes;
  double smoothing, scale = 0.125, soft_cap = 0;
  std::vector<float> h = normal_numbers<float>(rows * width, 1), w = normal_numbers<float>(classes * width, 2),
                     bias = normal_numbers<float>(classes, 3);
  std::vector<std::int32_t> labels;

  head_problem(index_type row_count, index_type columns, index_type class_count, double amount, labeled which)
      : rows{row_count}, width{columns}, classes{class_count}, smoothing{amount} {
    for (index_type row = 0; row < rows; ++row)
      labels.push_back(which == labeled::all || (which == labeled::one_in_seven && row % 7 == 3)
                           ? static_cast<std::int32_t>(row * 37 % classes)
                           : ignore);
  }
  row_labels<float> targets() const {
    return {labels.data(), ignore, static_cast<float>(smoothing), static_cast<float>(scale),
            static_cast<float>(soft_cap)};
  }
};

template <class W> void check_head(const head_problem& p, index_type chunk_rows, bool has_bias, const W& workers) {
  CAPTURE(p.rows, p.width, p.classes, p.smoothing, chunk_rows, has_bias);
  const auto h_double = in_double(p.h), w_double = in_double(p.w), bias_double = in_double(p.bias);
  auto dw = normal_numbers<float>(p.classes * p.width, 4), dbias = normal_numbers<float>(p.classes, 5);
  std::vector<double> logits_double(static_cast<std::size_t>(2 * p.classes)), expected_dh(p.h.size()),
      expected_dw = in_double(dw), expected_dbias = in_double(dbias);
  const row_major_view<const double> exact_w{w_double.data(), p.classes, p.width};
  const row_labels<double> exact_targets{p.labels.data(), ignore, p.smoothing, p.scale, p.soft_cap};
  const head_scratch<double> exact_scratch{1, logits_double.data(), nullptr, nullptr, logits_double.data() + p.classes};
  const double* const exact_bias = has_bias ? bias_double.data() : nullptr;
  const auto expected = reference::head_cross_entropy<double>(p.rows, rows_of(h_double, p.width), exact_w, exact_bias,
                                                              exact_targets, exact_scratch);
  const double expected_loss = reference::head_cross_entropy_gradient<double>(
      p.rows, rows_of(h_double, p.width), exact_w, exact_bias, exact_targets, exact_scratch,
      rows_of(expected_dh, p.width), {expected_dw.data(), p.classes, p.width},
      has_bias ? expected_dbias.data() : nullptr);
  CHECK(expected.loss == expected_loss);

  std::vector<float> logits(static_cast<std::size_t>(2 * chunk_rows * p.classes)),
      gathered(static_cast<std::size_t>(2 * chunk_rows * p.width)),
      panels(p.w.size() + static_cast<std::size_t>(kernels::panel_overread));
  const head_scratch<float> scratch{chunk_rows, logits.data(), gathered.data(), gathered.data() + chunk_rows * p.width,
                                    logits.data() + chunk_rows * p.classes};
  const row_major_view<const float> w{p.w.data(), p.classes, p.width};
  const auto h = apart(p.rows, p.width, 3, p.h);
  const float* const bias = has_bias ? p.bias.data() : nullptr;
  const double tolerance = 2e-6 * std::abs(expected_loss) + 1e-6;

  const auto check_evaluation = [&](const head_evaluation<float>& got) {
    CHECK(std::abs(got.loss - expected.loss) < tolerance);
    CHECK(got.labeled == expected.labeled);
    CHECK(got.correct == expected.correct);
  };
  check_evaluation(kernels::head_cross_entropy<float>(p.rows, h.view(), w, bias, p.targets(), scratch, workers));
  kernels::pack_panels(w, panels.data());
  check_evaluation(kernels::head_cross_entropy<float>(
      p.rows, h.view(), panel_view<const float>{panels.data(), p.classes, p.width, kernels::native_panel_width}, bias,
      p.targets(), scratch, workers));

  spaced_rows dh{p.rows, p.width, 3};
  dh.fill(p.h);
  const float loss = kernels::head_cross_entropy_gradient<float>(
      p.rows, dh.view(), w, bias, p.targets(), scratch, dh.view(), {dw.data(), p.classes, p.width},
      has_bias ? dbias.data() : nullptr, workers);  // dh in place of h
  CHECK(std::abs(loss - expected_loss) < tolerance);
  CHECK(dh.gaps_are_untouched());
  check_agrees(dh, expected_dh);
  check_agrees(dw, expected_dw);
  check_agrees(dbias, expected_dbias);
}

TEST_CASE("matches the reference in double: head_cross_entropy and its gradient") {
  for (const index_type classes : {1, 2, 65, 130})
    for (const index_type width : {1, 17, 64})
      for (const labeled which : {labeled::all, labeled::one_in_seven, labeled::none})
        for (const double smoothing : {0.0, 0.1})
          for (const index_type chunk_rows : {1, 5, 100}) {
            const head_problem p{83, width, classes, smoothing, which};
            check_head(p, chunk_rows, true, reversed_workers{});
            check_head(p, chunk_rows, false, inline_workers{});
          }
}

TEST_CASE("matches the reference in double: head_cross_entropy of soft-capped logits and its gradient") {
  for (const labeled which : {labeled::all, labeled::one_in_seven})
    for (const bool has_bias : {false, true}) {
      head_problem p{37, 17, 65, 0.1, which};
      p.soft_cap = 3;
      check_head(p, 5, has_bias, reversed_workers{});
    }
}

TEST_CASE("computes head_cross_entropy of a large vocabulary, and of logits of order 100") {
  check_head({70, 96, 3001, 0, labeled::all}, 64, false, reversed_workers{});
  head_problem far{40, 64, 300, 0.1, labeled::one_in_seven};
  for (float& value : far.w) value *= 10;
  check_head(far, 4, true, inline_workers{});
}

TEST_CASE("predicts the first of equal logits in head_cross_entropy") {
  const float h = 1, w[] = {1, 2, 2};
  const std::int32_t labels[] = {1, 2};
  float logits[3];
  const auto correct = [&](const std::int32_t* label) {
    return kernels::head_cross_entropy<float>(1, {&h, 1}, row_major_view<const float>{w, 3, 1}, nullptr,
                                              {label, ignore, 0, 1}, {1, logits, nullptr, nullptr}, inline_workers{})
        .correct;
  };
  CHECK(correct(labels) == 1);
  CHECK(correct(labels + 1) == 0);
}

}  // namespace
}  // namespace typeformer
