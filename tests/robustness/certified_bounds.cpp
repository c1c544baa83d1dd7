// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <support/catch.hpp>

#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/data/token_batch_builder.hpp>
#include <typeformer/hosted/robustness/certified_bounds.hpp>
#include <typeformer/laws/run_walk.hpp>
#include <typeformer/layers/alibi_positions.hpp>
#include <typeformer/layers/final_norm.hpp>
#include <typeformer/layers/soft_capped_logits.hpp>

using namespace typeformer;

namespace {

/// Alibi, grouped keys, a window, a soft cap of scores and of logits.
struct small_capped
    : decoder_only<token_embedding<vocabulary<11>, width<8>>, alibi_positions<context<8>, heads<4>>,
                   repeat<2, pre_norm_block<self_attention<heads<4>, key_value_heads<2>, causal, soft_cap<2.0>>,
                                            gated_feed_forward<12, silu>, rms_norm<>>>,
                   final_norm<rms_norm<>>, soft_capped_logits<untied_head, 3.0>> {};

/// `widths`: at most so much wider than what was measured, for the radii 1e-4, 1e-2 and 0.1; 0: not asked.
template <class M, class Bounds> void check_bounds(int perturbations, std::array<double, 3> widths = {}) {
  const parameters<M> values = testing::random_parameters<M>(5);
  const std::vector<double> weights(values.data(), values.data() + values.size());
  Bounds bounds{values};
  laws::walk_runner<forward_walk<M>, bounding_use<capacities{1, 6, 0}>, double> runner;
  token_batch_builder builder;
  const std::vector<std::int32_t> ids{3, 1, 4, 1, 5, 9}, labels(6, 0);
  builder.add(ids, labels);
  std::mt19937 random{3};

  const auto logits_with = [&](auto noise) {
    const auto y = runner.run(canonical_weights_view<double>{weights.data()}, builder.batch(),
                              [&](observation what, loop_place, block_view<double> rows, index_type width) {
                                if (what == observation::embedding)
                                  for (index_type i = 0; i < rows.rows * width; ++i) rows.data[i] += noise();
                              });
    return std::vector<double>{y.data, y.data + y.rows * y.stride};
  };
  const std::vector<double> clean = logits_with([] { return 0.0; });
  std::vector<interval> before;
  std::size_t number = 0;
  for (const double radius : {0.0, 1e-4, 1e-2, 0.1}) {
    const auto y = bounds.run(ids, radius);
    REQUIRE(y);
    std::vector<interval> all, measured;
    for (index_type i = 0; i < y->rows * y->stride; ++i) all.push_back(detail::range_of(y->data[i]));
    REQUIRE(all.size() == clean.size());
    for (const double logit : clean) measured.push_back({logit, logit});
    int outside = 0, not_wider = 0;
    const auto check = [&](const std::vector<double>& logits) {
      for (std::size_t i = 0; i < all.size(); ++i) {
        outside += !all[i].holds(logits[i]);
        measured[i] = {std::min(measured[i].lower, logits[i]), std::max(measured[i].upper, logits[i])};
      }
    };
    check(clean);
    std::uniform_real_distribution<double> inside{-radius, radius};
    for (int n = 0; radius > 0 && n < perturbations; ++n) {
      check(logits_with([&] { return inside(random); }));
      check(logits_with([&] { return random() % 2 ? radius : -radius; }));
    }
    CHECK(outside == 0);
    for (std::size_t i = 0; i < before.size(); ++i)
      not_wider += all[i].lower > before[i].lower + 1e-6 || all[i].upper < before[i].upper - 1e-6;
    CHECK(not_wider == 0);
    double width = 0, of_measured = 0;
    for (const interval& each : all) width += each.width();
    for (const interval& each : measured) of_measured += each.width();
    if (radius == 0) CHECK(width < 1e-6 * double(all.size()));
    else if (const double most = widths[number++]; most > 0) CHECK(width < most * of_measured);
    before = all;
  }
}

template <class M> void check_intervals(int perturbations) {
  check_bounds<M, interval_bounds<M, tokens<6>>>(perturbations);
}
template <class M> void check_forms(int perturbations, std::array<double, 3> widths = {}) {
  check_bounds<M, affine_bounds<M, tokens<6>>>(perturbations, widths);
}

}  // namespace

// Each perturbation is a random point and a random corner of the box, at three radii.
TEST_CASE("random perturbations never leave the bounds of the logits", "[certified bounds]") {
  check_intervals<laws::small_gpt2>(1700);
  check_intervals<laws::small_llama>(1700);
  check_intervals<laws::small_classifier>(1700);
  check_intervals<laws::post_norm_model>(300);
  check_intervals<small_capped>(1700);
}
TEST_CASE("random perturbations never leave the linear bounds of the logits", "[certified bounds]") {
  check_forms<laws::small_gpt2>(1700);
  check_forms<laws::small_llama>(1700);
  check_forms<laws::small_classifier>(1700, {3, 0, 0});
  check_forms<laws::post_norm_model>(300);
  check_bounds<laws::small_classifier, affine_bounds<laws::small_classifier, tokens<6>, named_errors<3>>>(1700,
                                                                                                          {3, 0, 0});
}

TEST_CASE("interval operations hold the results of all numbers", "[certified bounds]") {
  std::mt19937 random{1};
  std::uniform_real_distribution<double> number{-3, 3}, part{0, 1};
  const auto any = [&] {
    const double a = number(random), b = number(random);
    return interval{std::min(a, b), std::max(a, b)};
  };
  const auto in = [&](interval x) { return x.lower + part(random) * x.width(); };
  int outside = 0;
  for (int i = 0; i < 10'000; ++i) {
    const interval a = any(), b = any();
    const double x = in(a), y = in(b);
    outside += !(a + b).holds(x + y) + !(a - b).holds(x - y) + !(a * b).holds(x * y) + !square(a).holds(x * x);
    if (!b.holds(0)) outside += !(a / b).holds(x / y);
    outside += !detail::activated<gelu_erf>(a).holds(gelu_erf::value(x)) +
               !detail::activated<silu>(a).holds(silu::value(x)) + !detail::activated<mish>(a).holds(mish::value(x)) +
               !detail::activated<relu>(a).holds(relu::value(x)) +
               !detail::activated<hard_swish>(a).holds(hard_swish::value(x));
  }
  CHECK(outside == 0);
}

TEST_CASE("a prediction is certain only if its logit is above all others", "[certified bounds]") {
  const interval logits[] = {{0, 1}, {2, 3}, {1.5, 2}};
  CHECK_FALSE(surely_largest(logits, 3, 1));  // 2 is both
  CHECK(surely_largest(logits, 2, 1));
  CHECK_FALSE(surely_largest(logits, 3, 0));
}
