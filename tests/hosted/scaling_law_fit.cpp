// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <vector>

#include <typeformer/foundation/philox.hpp>
#include <typeformer/hosted/training/scaling_law_fit.hpp>

#include "support/catch.hpp"

namespace typeformer {
namespace {

/// Runs of five sizes and four lengths, whose losses differ from a law by up to `noise` of themselves.
std::vector<finished_run> runs_of(const scaling_law& law, double noise, std::uint64_t seed) {
  philox random{seed};
  std::vector<finished_run> runs;
  for (const double parameters : {4e7, 1e8, 3e8, 1e9, 3e9})
    for (const double tokens : {1e9, 4e9, 2e10, 1e11}) {
      const double error = noise * (2 * double(random()) / 4294967296.0 - 1);
      runs.push_back({parameters, tokens, law.loss(parameters, tokens) * (1 + error)});
    }
  return runs;
}

bool holds(const fit_interval& interval, double value) { return interval.low <= value && value <= interval.high; }

}  // namespace

TEST_CASE("a scaling law is found from its own losses", "[scaling law]") {
  for (const scaling_law& law : {chinchilla_law, refitted_chinchilla_law, scaling_law{0.5, 30, 900, 0.8, 0.5}}) {
    const auto runs = runs_of(law, 0, 1);
    const auto fit = scaling_law_fit::of(runs);
    REQUIRE(fit);
    CHECK(fit->law().floor == Approx(law.floor).epsilon(1e-4));
    CHECK(fit->law().a == Approx(law.a).epsilon(1e-3));
    CHECK(fit->law().b == Approx(law.b).epsilon(1e-3));
    CHECK(fit->law().alpha == Approx(law.alpha).epsilon(1e-4));
    CHECK(fit->law().beta == Approx(law.beta).epsilon(1e-4));
    CHECK(fit->relative_error() < 1e-6);
    CHECK(fit->law().loss(7e10, 1.4e12) == Approx(law.loss(7e10, 1.4e12)).epsilon(1e-4));
  }
}

TEST_CASE("nine tenths of the intervals of a scaling law hold the truth", "[scaling law]") {
  constexpr int fits = 40;
  int alphas = 0, losses = 0;
  for (int i = 0; i < fits; ++i) {
    const auto runs = runs_of(chinchilla_law, 0.01, std::uint64_t(100 + i));
    const auto fit = scaling_law_fit::of(runs, std::uint64_t(i));
    REQUIRE(fit);
    CHECK(fit->relative_error() < 0.011);
    alphas += holds(fit->interval_of(&scaling_law::alpha), chinchilla_law.alpha);
    losses += holds(fit->interval_of_loss(1e10, 4e11), chinchilla_law.loss(1e10, 4e11));
    CHECK(fit->law().loss(1e10, 4e11) == Approx(chinchilla_law.loss(1e10, 4e11)).epsilon(0.03));
  }
  // Binomial, 0.9 of 40: fewer than 29 has a probability below 0.001.
  CHECK(alphas >= 29);
  CHECK(losses >= 29);
}

TEST_CASE("equal seeds give equal intervals", "[scaling law]") {
  const auto runs = runs_of(chinchilla_law, 0.01, 5);
  const auto first = scaling_law_fit::of(runs, 3), second = scaling_law_fit::of(runs, 3);
  REQUIRE((first && second));
  CHECK(first->interval_of(&scaling_law::beta).low == second->interval_of(&scaling_law::beta).low);
  CHECK(first->interval_of_loss(1e9, 1e9).high == second->interval_of_loss(1e9, 1e9).high);
}

TEST_CASE("a part of a scaling law that the runs do not show is 0", "[scaling law]") {
  auto runs = runs_of({.floor = 2, .a = 0, .b = 400, .alpha = 0.3, .beta = 0.3}, 0, 1);
  const auto fit = scaling_law_fit::of(runs);
  REQUIRE(fit);
  CHECK(fit->law().a / std::pow(1e8, fit->law().alpha) < 1e-6);
  CHECK(fit->law().floor == Approx(2).epsilon(1e-4));
}

TEST_CASE("runs that cannot tell a scaling law are rejected", "[scaling law]") {
  auto runs = runs_of(chinchilla_law, 0, 1);
  const auto rejected = [&](const char* why) {
    const auto fit = scaling_law_fit::of(runs);
    REQUIRE(!fit);
    CHECK(fit.error().message() == why);
  };
  for (const double wrong : {0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    runs[2].loss = wrong;
    const auto fit = scaling_law_fit::of(runs);
    REQUIRE(!fit);
    CHECK(fit.error().what == training_error::problem::bad_option);
  }
  runs[2].loss = std::numeric_limits<double>::quiet_NaN();
  rejected("run 2: expected parameters, tokens and a loss above 0, found 40000000.000000, 20000000000.000000 and nan");
  runs.resize(8);
  runs[2].loss = 3;
  rejected("a scaling law needs at least 6 runs, of 3 sizes and 3 numbers of tokens; found 8, of 2 and 4");
  runs.clear();
  rejected("a scaling law needs at least 6 runs, of 3 sizes and 3 numbers of tokens; found 0, of 0 and 0");
}

}  // namespace typeformer
