// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <span>
#include <vector>

#include <support/catch.hpp>
#include <support/finite_differences.hpp>
#include <support/random_parameters.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/sampling.hpp>
#include <typeformer/generation/temperature.hpp>
#include <typeformer/hosted/weights/gptq_weights.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using testing::relative_loss;
using testing::stories;
using ids = std::vector<std::int32_t>;
using texts_of_ids = std::vector<std::span<const std::int32_t>>;

/// Stories that the model tells, for calibration. They are not those of which the loss is measured.
std::vector<ids> told(const parameters<stories>& canonical, int count) {
  const weights<stories> values{canonical};
  session<stories> run{values};
  philox random{7};
  std::vector<ids> texts;
  for (int i = 0; i < count; ++i) {
    ids& text = texts.emplace_back(ids{1});
    run.reset();
    std::vector<candidate> workspace(512);
    REQUIRE(generate(run, std::vector<std::int32_t>{1}, 200, sampling{*temperature::of(1.0f)}, workspace, random,
                     [&](std::int32_t id) {
                       text.push_back(id);
                       return true;
                     }));
  }
  return texts;
}

template <class Format>
void check_compensation(const parameters<stories>& canonical, const texts_of_ids& texts,
                        const std::vector<testing::expected_run>& runs) {
  using narrow_session = session<stories, reads<weights<stories, Format>>>;
  const auto compensated = gptq_weights<stories, Format>(canonical, texts);
  REQUIRE(compensated);
  const double nearest = relative_loss<narrow_session>(weights<stories, Format>{canonical}, runs) - 1,
               got = relative_loss<narrow_session>(*compensated, runs) - 1;
  CAPTURE(nearest, got);
  CHECK(nearest > 0);
  CHECK(got < nearest / 2);
}

TEST_CASE("compensated 4-bit weights lose at most half of what rounding to nearest loses: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const auto canonical = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(canonical);
  const auto runs = testing::expected_runs(folder);
  const std::vector<ids> stories_told = told(*canonical, 16);
  const texts_of_ids texts(stories_told.begin(), stories_told.end());
  check_compensation<int4<>>(*canonical, texts, runs);
  check_compensation<int4<groups_of<32>, asymmetric>>(*canonical, texts, runs);
}

TEST_CASE("the factors of compensation are those of the inverse moments") {
  constexpr index_type n = 7;
  input_moments moments{n};
  const auto x = testing::normal_numbers<float>(20 * n, 3);
  moments.add(20, testing::rows_of(x, n));
  double mean = 0;
  for (index_type i = 0; i < n; ++i) mean += moments.sums[std::size_t(i * n + i)] / n;
  const compensation_factors u{moments};
  // U (H + λ) Uᵀ = 1, because (H + λ)⁻¹ = Uᵀ U.
  double worst = 0;
  for (index_type i = 0; i < n; ++i)
    for (index_type j = 0; j < n; ++j) {
      double sum = 0;
      for (index_type a = i; a < n; ++a)
        for (index_type b = j; b < n; ++b) {
          const double h = moments.sums[std::size_t(std::max(a, b) * n + std::min(a, b))] + (a == b ? 0.01 * mean : 0);
          sum += u(i, a) * h * u(j, b);
        }
      worst = std::max(worst, std::abs(sum - (i == j)));
    }
  CHECK(worst < 1e-12);
}

TEST_CASE("an id that the model does not know is an error of calibration") {
  const ids text{1, 512};
  const texts_of_ids texts{text};
  const parameters<stories> canonical = testing::random_parameters<stories>(3);
  const auto compensated = gptq_weights<stories, int4<>>(canonical, texts);
  REQUIRE(!compensated);
  CHECK(compensated.error().what == inference_error::problem::id_outside_vocabulary);
}

}  // namespace
}  // namespace typeformer
