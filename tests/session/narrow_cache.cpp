// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <span>
#include <string_view>
#include <vector>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/execution/narrow_cache.hpp>
#include <typeformer/generation/sampling.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/laws/decoding_law.hpp>
#include <typeformer/laws/examine_layer.hpp>
#include <typeformer/laws/uses.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/cache_scales.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using testing::decoded;
using testing::loss;
using testing::stories;
using ids = std::vector<std::int32_t>;

/// The next token of each row of logits.
ids choices_of(const std::vector<float>& logits, std::size_t rows) {
  const std::size_t width = logits.size() / rows;
  ids chosen;
  for (auto row = logits.begin(); row != logits.end(); row += index_type(width))
    chosen.push_back(std::int32_t(std::max_element(row, row + index_type(width)) - row));
  return chosen;
}

struct quality {
  double loss;  ///< relative to that of the logits in double
  std::size_t predictions = 0, other_choices = 0;
};
std::array<float, 320> stories_scales;  // keys and values of 5 layers with 4 heads of 8

template <class Format, class Weights = weights<stories>> quality of_stories(const std::filesystem::path& folder) {
  const auto canonical = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(canonical);
  const Weights values{*canonical};
  double expected = 0, got = 0;
  quality found{};
  for (const testing::expected_run& run : testing::expected_runs(folder)) {
    expected += loss(run.logits, run.tokens);
    const auto logits = decoded<session<stories, cache_in<Format>, reads<Weights>>>(values, run.tokens);
    const ids narrow = choices_of(logits, run.tokens.size()),
              wide = choices_of({run.logits.begin(), run.logits.end()}, run.tokens.size());
    got += loss(logits, run.tokens);
    found.predictions += narrow.size();
    for (std::size_t i = 0; i < narrow.size(); ++i) found.other_choices += narrow[i] != wide[i];
  }
  found.loss = got / expected;
  return found;
}

TEST_CASE("narrow caches keep the loss and the greedy choices of stories260K") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const quality wide = of_stories<float>(folder), halves = of_stories<bf16>(folder), bytes = of_stories<int8<>>(folder);
  CAPTURE(halves.loss, bytes.loss, halves.other_choices, bytes.other_choices, wide.predictions);
  CHECK(wide.predictions == 256);
  CHECK(wide.other_choices == 0);
  CHECK(std::abs(halves.loss - 1) < 0.001);
  CHECK(halves.other_choices == 0);
  CHECK(std::abs(bytes.loss - 1) < 0.005);
  CHECK(bytes.other_choices <= 8);
}

/// The larger scales of both.
void take_larger(std::array<float, 320>& scales, const std::array<float, 320>& others) {
  std::transform(scales.begin(), scales.end(), others.begin(), scales.begin(),
                 [](float a, float b) { return std::max(a, b); });
}

/// Sets the scales that 1,000 tokens of the model's own texts need.
void measure_scales(const weights<stories>& values) {
  std::mt19937 generator{7};
  const sampling<> sampler{};
  std::vector<candidate> workspace(std::size_t(sampler.workspace_size(stories::vocabulary)));
  stories_scales = {};
  for (int text = 0; text < 4; ++text) {
    session<stories, cache_in<bf16>> measured{values};
    std::int32_t id = 1;
    for (int token = 0; token < 250; ++token) {
      const auto logits = measured.decode(id);
      REQUIRE(logits);
      id = sampler(*logits, workspace, generator);
    }
    take_larger(stories_scales, cache_scales(measured));
  }
}

TEST_CASE("scales that other texts fixed keep the loss of stories260K, also with weights of 8 bits") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const auto canonical = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(canonical);
  measure_scales(weights<stories>{*canonical});
  CHECK(std::all_of(stories_scales.begin(), stories_scales.end(), [](float scale) { return scale > 0; }));

  using fixed = int8<fixed_scales<stories_scales>>;
  const quality wide = of_stories<fixed>(folder), narrow = of_stories<fixed, weights<stories, int8<>>>(folder);
  CAPTURE(wide.loss, wide.other_choices, narrow.loss, narrow.other_choices);
  CHECK(std::abs(wide.loss - 1) < 0.005);
  CHECK(std::abs(narrow.loss - 1) < 0.005);
  // 4 heads of 8 numbers, 5 layers, keys and values
  using plan = session<stories, cache_in<fixed>>::plan;
  CHECK(plan::value.state * 4 == 2 * 5 * 4 * 8 * plan::use::reserved.context);
}

// Head widths around registers; heads that share keys; a context that panels do not divide.
struct tiny_gpt2 : gpt2<gpt2_config{.layers = 3, .width = 36, .heads = 3, .vocabulary = 50, .context = 40}> {};
struct tiny_llama
    : llama<llama_config{
          .layers = 2, .width = 64, .heads = 4, .key_value_heads = 2, .hidden = 48, .vocabulary = 60, .context = 40}> {
};

double worst(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(double(a[i]) - double(b[i]));
    most = std::isfinite(difference) ? std::max(most, difference) : INFINITY;
  }
  return most;
}

// Keys and values of 2 layers with 2 heads of 16.
constexpr auto some_scales = [] {
  std::array<float, 128> scales{};
  for (std::size_t i = 0; i < scales.size(); ++i) scales[i] = 0.01f + 0.001f * float(i % 20);
  return scales;
}();
std::array<float, 128> llama_scales;
using fixed_in_llama = int8<fixed_scales<llama_scales>>;

TEST_CASE("scales are in the order in which caches read them") {
  const weights<tiny_llama> values{testing::random_parameters<tiny_llama>(5)};
  const ids tokens{3, 1, 4, 1, 5, 9, 2, 6};
  session<tiny_llama, batch<2>, cache_in<bf16>> measured{values};
  const std::array<std::span<const std::int32_t>, 2> prompts{tokens, std::span{tokens}.first(3)};
  REQUIRE(measured.prefill(prompts));
  llama_scales = cache_scales(measured);
  const auto wide = decoded<session<tiny_llama>>(values, tokens);
  const auto right = decoded<session<tiny_llama, cache_in<fixed_in_llama>>>(values, tokens);
  const double error = worst(right, wide);
  CHECK(error < 0.02);
  CHECK(error > 0);
  // Each of them counts: a scale that is a hundred times too small cuts its column's numbers off.
  for (float& scale : llama_scales) {
    scale /= 100;
    CHECK(decoded<session<tiny_llama, cache_in<fixed_in_llama>>>(values, tokens) != right);
    scale *= 100;
  }
}

template <class M, class Format> void check_session(double tolerance) {
  const weights<M> values{testing::random_parameters<M>(5)};
  const ids tokens{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6};
  const auto got = decoded<session<M, cache_in<Format>>>(values, tokens);
  const double error = worst(got, decoded<session<M>>(values, tokens));
  CHECK(error < tolerance);
  CHECK(error > 0);

  session<M, cache_in<Format>> run{values};
  const auto logits = run.prefill(tokens);
  REQUIRE(logits);
  CHECK(worst(*logits, std::span{got}.last(logits->size())) < tolerance);
}

TEST_CASE("a session with a narrow cache is near one with a cache in float32, also token by token") {
  check_session<tiny_gpt2, bf16>(0.01);
  check_session<tiny_gpt2, int8<>>(0.02);
  check_session<tiny_llama, bf16>(0.01);
  check_session<tiny_llama, int8<>>(0.02);
}

TEMPLATE_TEST_CASE("narrow caches forget tokens, start anew and move to other sequences", "", bf16, int8<>,
                   int8<fixed_scales<some_scales>>) {
  const weights<tiny_llama> values{testing::random_parameters<tiny_llama>(5)};
  using two = session<tiny_llama, batch<2>, cache_in<TestType>>;
  const auto last = [&](const ids& tokens) {  // in one call
    two run{values};
    REQUIRE(run.prefill(tokens));
    const auto logits = run.logits(0);
    REQUIRE(logits);
    return std::vector<float>(logits->begin(), logits->end());
  };
  two run{values};
  const ids first{3, 1, 4, 1, 5}, second{9, 2, 6};
  const std::array<std::span<const std::int32_t>, 2> prompts{first, second};
  const auto decode = [&](std::int32_t one, std::int32_t other, const ids& text, const ids& other_text) {
    const std::array next{one, other};
    REQUIRE(run.decode(std::span<const std::int32_t>{next}));
    CHECK(worst(*run.logits(0), last(text)) < 1e-4);
    CHECK(worst(*run.logits(1), last(other_text)) < 1e-4);
  };
  REQUIRE(run.prefill(prompts));
  decode(7, 8, {3, 1, 4, 1, 5, 7}, {9, 2, 6, 8});
  REQUIRE(run.truncate(0, 2));
  decode(7, 8, {3, 1, 7}, {9, 2, 6, 8, 8});
  const std::array<index_type, 2> exchanged{1, 0}, shared{0, 0};
  REQUIRE(run.reorder(exchanged));
  decode(1, 2, {9, 2, 6, 8, 8, 1}, {3, 1, 7, 2});
  REQUIRE(run.reorder(shared));
  decode(1, 2, {9, 2, 6, 8, 8, 1, 1}, {9, 2, 6, 8, 8, 1, 2});
  REQUIRE(run.reset(0));
  decode(4, 4, {4}, {9, 2, 6, 8, 8, 1, 2, 4});
}

/// Decoding with a cache in a format, in double; every call delivers all rows.
template <class Format> using decoding_in = detail::caching_in<laws::law_decoding, Format>;

TEMPLATE_TEST_CASE("the decoding law holds for narrow caches: call by call as in one call", "", bf16, int8<>,
                   int8<fixed_scales<some_scales>>) {
  using decoding = decoding_in<TestType>;
  const laws::finding found =
      laws::check_decoding<forward_walk<tiny_llama>, detail::delivering_all_rows<decoding>, decoding>(50);
  CAPTURE(found.error);
  CHECK(found.applies);
  CHECK(found.holds());
  CHECK(laws::detail::finding_of(laws::watch_memory<forward_walk<tiny_llama>, decoding>()).holds());
}

TEST_CASE("a key that is not finite gives outputs that are not finite") {
  for (const float wrong : {INFINITY, -INFINITY, NAN}) {
    parameters<tiny_gpt2> canonical = testing::random_parameters<tiny_gpt2>(8);
    bool is_set = false;
    for_each_tensor(layout_of<tiny_gpt2>, [&](const parameter_tensor& t) {
      if (!is_set && t.name().view().find("key.bias") != std::string_view::npos)
        canonical.of(t)[0] = wrong, is_set = true;
    });
    REQUIRE(is_set);
    const weights<tiny_gpt2> values{canonical};
    session<tiny_gpt2, cache_in<int8<>>> run{values};
    const auto logits = run.decode(3);
    REQUIRE(logits);
    CHECK(std::none_of(logits->begin(), logits->end(), [](float x) { return std::isfinite(x); }));
  }
}

TEST_CASE("narrow caches take a half of the memory, or a quarter and a scale for each head of a token") {
  using wide = footprint<tiny_llama, decoding_with<context<32>>>;
  using halves = footprint<tiny_llama, decoding_with<context<32>, cache_in<bf16>>>;
  using bytes = footprint<tiny_llama, decoding_with<context<32>, cache_in<int8<>>>>;
  static_assert(wide::state_bytes == 2 * 2 * 32 * 2 * 16 * 4);
  static_assert(2 * halves::state_bytes == wide::state_bytes);
  static_assert(bytes::state_bytes == wide::state_bytes / 4 + 2 * 2 * 32 * 2 * 4);
  static_assert(wide::ram_bytes - halves::ram_bytes == wide::state_bytes - halves::state_bytes);
  static_assert(sizeof(session<tiny_llama, context<32>, storage::in_place, cache_in<bf16>>) == halves::ram_bytes);
  static_assert(sizeof(session<tiny_llama, context<32>, storage::in_place, cache_in<int8<>>>) == bytes::ram_bytes);
  static_assert(footprint<tiny_llama, decoding_with<cache_in<float>>>::ram_bytes ==
                footprint<tiny_llama, decoding>::ram_bytes);
  CHECK(session<tiny_llama, cache_in<float>>::reserved.context == 40);
}

}  // namespace
}  // namespace typeformer
