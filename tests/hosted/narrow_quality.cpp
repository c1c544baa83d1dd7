// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <support/catch.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/rounding_errors.hpp>
#include <typeformer/inspection/prediction_quality.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using testing::stories;

/// The quality over the runs of stories260K, and the largest error of an operand.
struct found_quality {
  prediction_quality predictions;
  double largest = 0, relative_loss = 0;
};
template <class Format> found_quality quality_of(const std::filesystem::path& folder) {
  const auto canonical = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(canonical);
  const weights<stories> values{*canonical};
  const weights<stories, Format> narrow{*canonical};
  session<stories> in_float32{values};
  session<stories, reads<weights<stories, Format>>> in_format{narrow};
  found_quality found;
  const auto runs = testing::expected_runs(folder);
  for (const testing::expected_run& run : runs) {
    const auto quality = compare_predictions(in_float32, in_format, run.tokens, found.predictions);
    REQUIRE(quality);
    found.predictions = *quality;
  }
  found.relative_loss = testing::relative_loss<session<stories, reads<weights<stories, Format>>>>(narrow, runs);
  const auto errors = rounding_errors(narrow, *canonical);
  CHECK(errors.size() == 1 + 4 * 5);  // the table, and four matrices a block
  CHECK(errors.front().first.view() == "token_embedding.weight");
  for (const rounding_error& one : errors) found.largest = std::max(found.largest, one.relative);
  return found;
}

TEST_CASE("the quality of narrow weights: stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const found_quality half = quality_of<bf16>(folder), byte = quality_of<int8<>>(folder),
                      four = quality_of<int4<>>(folder);
  CAPTURE(half.predictions.divergence(), byte.predictions.divergence(), four.predictions.divergence(), half.largest,
          byte.largest, four.largest, half.predictions.top_1_agreement(), byte.predictions.top_1_agreement(),
          four.predictions.top_1_agreement(), half.predictions.perplexity(), four.predictions.perplexity());
  for (const found_quality* one : {&half, &byte, &four}) {
    const prediction_quality& predictions = one->predictions;
    CHECK(predictions.predictions == 249);
    CHECK(std::abs(std::log(predictions.perplexity()) / std::log(predictions.reference_perplexity()) -
                   one->relative_loss) < 1e-4);
    CHECK(predictions.divergence() > 0);
  }
  CHECK(half.predictions.divergence() < byte.predictions.divergence());
  CHECK(byte.predictions.divergence() < four.predictions.divergence());
  CHECK(half.largest < 1.0 / 256);
  CHECK(half.largest < byte.largest);
  CHECK(byte.largest < four.largest);
  CHECK(half.predictions.top_1_agreement() > 0.97);
}

TEST_CASE("the divergence of two distributions is that of their probabilities") {
  const float p[]{std::log(0.5f), std::log(0.25f), std::log(0.25f)},
      q[]{std::log(0.25f) + 3, std::log(0.5f) + 3, std::log(0.25f) + 3};
  prediction_quality quality;
  quality.add(p, q, 2);
  CHECK(quality.divergence() == Approx(0.25 * std::log(2.0)).epsilon(1e-6));  // 0.5 log 2 - 0.25 log 2
  CHECK(quality.perplexity() == Approx(4).epsilon(1e-6));
  CHECK(quality.top_1_agreement() == 0);
  quality.add(p, p, 0);
  CHECK(quality.top_1_agreement() == 0.5);
  CHECK(quality.reference_perplexity() == Approx(std::sqrt(8)).epsilon(1e-6));
}

}  // namespace
}  // namespace typeformer
