// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include <typeformer/generation/samplers.hpp>

#include <support/catch.hpp>

using namespace typeformer;

namespace {

std::vector<float> bumpy_logits(std::size_t count, std::uint64_t seed, float spread) {
  std::vector<float> logits(count);
  philox generator{seed};
  for (float& logit : logits) logit = spread * (uniform01(generator) + uniform01(generator) - 1.0f);
  return logits;
}

/// The distribution by its definition: whole sort, double precision.
std::vector<double> exact_distribution(const std::vector<float>& logits, float temperature, std::size_t k, float p) {
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
  order.resize(std::min(k, order.size()));
  std::vector<double> probability(logits.size());
  double total = 0;
  const auto weight = [&](std::size_t id) {
    return std::exp((static_cast<double>(logits[id]) - static_cast<double>(logits[order[0]])) /
                    static_cast<double>(temperature));
  };
  for (const std::size_t id : order) total += weight(id);
  double sum = 0;
  for (const std::size_t id : order) {
    if (sum >= static_cast<double>(p) * total) break;
    sum += probability[id] = weight(id);
  }
  for (double& fraction : probability) fraction /= sum;
  return probability;
}

/// Pearson's statistic in standard deviations above its mean; rare tokens are pooled to an expected count of ten.
double chi_square_excess(const std::vector<double>& probability, const std::vector<int>& counts, int draws) {
  double statistic = 0, pooled = 0, pooled_count = 0;
  int cells = 0;
  for (std::size_t id = 0; id < probability.size(); ++id) {
    if (probability[id] == 0.0) continue;
    pooled += probability[id] * draws;
    pooled_count += counts[id];
    if (pooled < 10) continue;
    statistic += (pooled_count - pooled) * (pooled_count - pooled) / pooled;
    ++cells;
    pooled = pooled_count = 0;
  }
  const double freedom = std::max(1, cells - 1);
  return (statistic - freedom) / std::sqrt(2 * freedom);
}

template <class Sampler>
void check_distribution(const Sampler& sampler, const std::vector<float>& logits, const std::vector<double>& exact) {
  constexpr int draws = 100'000;
  std::vector<candidate> workspace(logits.size());
  std::vector<int> counts(logits.size());
  philox generator{2024};
  for (int i = 0; i < draws; ++i) ++counts[static_cast<std::size_t>(sampler(logits, workspace, generator))];
  int drawn_though_impossible = 0;
  for (std::size_t id = 0; id < exact.size(); ++id)
    if (exact[id] == 0.0) drawn_though_impossible += counts[id];
  CHECK(drawn_though_impossible == 0);
  CHECK(std::abs(chi_square_excess(exact, counts, draws)) < 4.0);
}

}  // namespace

TEST_CASE("draws tokens with their exact truncated probability") {
  const std::vector<float> logits = bumpy_logits(64, 11, 4.0f);
  constexpr std::size_t all = 64;
  SECTION("no filter") { check_distribution(sampling<>{}, logits, exact_distribution(logits, 1, all, 1)); }
  SECTION("temperature") {
    check_distribution(*sampling_with(temperature::of(0.7f)), logits, exact_distribution(logits, 0.7f, all, 1));
  }
  SECTION("top-k") { check_distribution(*sampling_with(top_k::of(9)), logits, exact_distribution(logits, 1, 9, 1)); }
  SECTION("top-p") {
    check_distribution(*sampling_with(top_p::of(0.8f)), logits, exact_distribution(logits, 1, all, 0.8f));
  }
  SECTION("the whole chain") {
    check_distribution(*sampling_with(temperature::of(1.3f), top_k::of(20), top_p::of(0.85f)), logits,
                       exact_distribution(logits, 1.3f, 20, 0.85f));
  }
  SECTION("all equal") {
    const std::vector<float> flat(10, -3.0f);
    check_distribution(*sampling_with(temperature::of(0.5f), top_p::of(0.65f)), flat,
                       exact_distribution(flat, 1, 7, 1));
  }
}

TEST_CASE("finds the nucleus of a large vocabulary in top-p, flat or peaked") {
  for (const float spread : {0.01f, 3.0f, 12.0f, 60.0f})
    for (const float p : {0.1f, 0.5f, 0.9f, 0.999f}) {
      INFO("spread " << spread << ", p " << p);
      const std::vector<float> logits = bumpy_logits(20'000, 5, spread);
      const std::vector<double> exact = exact_distribution(logits, 1, logits.size(), p);
      std::vector<candidate> workspace(logits.size());
      candidates left{logits, workspace};
      (*top_p::of(p))(left);
      CHECK(std::ranges::is_sorted(left.items(), more_probable));
      // Weights are rounded to 2^-31 of the greatest, so that the sum may cross p a few light tokens away.
      const auto nucleus = static_cast<double>(exact.size()) - static_cast<double>(std::ranges::count(exact, 0.0));
      CHECK(static_cast<double>(left.size()) == Approx(nucleus).epsilon(1e-3).margin(1));
      std::vector<float> sorted = logits;
      std::ranges::sort(sorted, std::greater{});
      sorted.resize(left.size());
      CHECK(std::ranges::equal(left.items(), sorted, {}, &candidate::logit));
    }
}

TEST_CASE("draws the same tokens from a seed on every platform") {
  std::vector<float> logits(101);
  for (std::size_t id = 0; id < logits.size(); ++id) logits[id] = static_cast<float>(id * 37 % 101) / 16.0f;
  const auto sampler = *sampling_with(temperature::of(0.75f), top_k::of(50), top_p::of(0.9f));
  std::vector<candidate> workspace(logits.size());
  philox generator{42};
  // By a program of its own in 50-digit decimal arithmetic; no draw comes nearer than 0.0009 to a boundary.
  for (const std::int32_t expected :
       {98, 8,  30, 49, 73, 49, 38, 8,  5,  27, 98, 46, 87, 27, 68, 49, 49, 5,  49, 90, 19, 19, 30, 30,
        90, 16, 8,  90, 49, 79, 60, 90, 68, 60, 95, 38, 19, 79, 87, 38, 38, 27, 49, 27, 49, 79, 19, 8})
    CHECK(sampler(logits, workspace, generator) == expected);
}
