// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <support/stories_runs.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/execution/narrow_cache.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/inspection/footprint.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/session/cache_scales.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

namespace typeformer {
namespace {

using testing::decoded;
using testing::stories;
using ids = std::vector<std::int32_t>;

template <class M, class Format> using narrow_session = session<M, reads<weights<M, Format>>>;

/// The loss over all predictions of expected_logits.safetensors, relative to that of their logits in double.
template <class Format> double loss_of_stories(const std::filesystem::path& folder) {
  const auto canonical = load_parameters<stories>((folder / "stories260K.safetensors").string());
  REQUIRE(canonical);
  const weights<stories, Format> values{*canonical};
  REQUIRE(values.available());
  return testing::relative_loss<narrow_session<stories, Format>>(values, testing::expected_runs(folder));
}

TEST_CASE("narrow weights keep the loss of stories260K: bf16 0.1 %, int8 0.5 %, int4 8 % and 5 % with lowest numbers") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  CHECK(std::abs(loss_of_stories<bf16>(folder) - 1) < 0.001);
  CHECK(std::abs(loss_of_stories<int8<>>(folder) - 1) < 0.005);
  CHECK(std::abs(loss_of_stories<int8<groups_of<32>>>(folder) - 1) < 0.005);
  CHECK(std::abs(loss_of_stories<int4<>>(folder) - 1) < 0.08);
  CHECK(std::abs(loss_of_stories<int4<groups_of<32>, asymmetric>>(folder) - 1) < 0.05);
}

// Tables that are narrowed and tables that are not; outputs that panels do not divide; an odd number of inputs.
struct tiny_gpt2 : gpt2<gpt2_config{.layers = 3, .width = 36, .heads = 3, .vocabulary = 500, .context = 40}> {};
struct tiny_bert
    : bert<bert_config{.layers = 2, .width = 33, .heads = 3, .hidden = 45, .vocabulary = 600, .context = 24}> {};

/// What a format makes of parameters.
template <class M, class Format> parameters<M> rounded(const parameters<M>& of) {
  const weights<M, Format> narrow{of};
  parameters<M> result;
  for_each_tensor(layout_of<M>, [&](const parameter_tensor& t) {
    if (is_first_of_operand(layout_of<M>, t)) narrow.widen(t, result.data() + t.offset);
  });
  return result;
}

double worst(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(double(a[i]) - double(b[i]));
    most = std::isfinite(difference) ? std::max(most, difference) : INFINITY;
  }
  return most;
}

/// Activations are rounded, too, where the processor multiplies narrow numbers.
template <class Format>
inline constexpr double tolerance = !std::is_same_v<Format, bf16>                                     ? 0.1
                                    : sizeof(simd::narrow_words<bf16>::multiplicand) == sizeof(float) ? 0.05
                                                                                                      : 1e-5;

template <class M, class Format> void check_session() {
  const parameters<M> canonical = testing::random_parameters<M>(5);
  const weights<M, Format> narrow{canonical};
  const parameters<M> means = rounded<M, Format>(canonical);
  const weights<M> wide{means};
  const ids tokens{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
  const auto got = decoded<narrow_session<M, Format>>(narrow, tokens);
  CHECK(worst(got, decoded<session<M>>(wide, tokens)) < tolerance<Format>);

  narrow_session<M, Format> run{narrow};
  const auto logits = run.prefill(tokens);
  REQUIRE(logits);
  const std::vector<float> last(got.end() - static_cast<index_type>(logits->size()), got.end());
  CHECK(worst({logits->begin(), logits->end()}, last) < 1e-4);
}

TEST_CASE("a session of narrow weights equals one of the numbers they mean, also token by token") {
  check_session<tiny_gpt2, bf16>();
  check_session<tiny_gpt2, with_wide_tables<bf16>>();
  check_session<tiny_gpt2, int8<>>();
  check_session<tiny_gpt2, int8<groups_of<32>>>();
  check_session<tiny_gpt2, int4<>>();
  check_session<tiny_gpt2, int4<groups_of<32>, asymmetric>>();
}

TEST_CASE("a forward pass reads narrow weights") {
  const parameters<tiny_bert> canonical = testing::random_parameters<tiny_bert>(6);
  const weights<tiny_bert, bf16> narrow{canonical};
  const weights<tiny_bert> wide{rounded<tiny_bert, bf16>(canonical)};
  const ids tokens{3, 1, 4, 1, 5, 9, 2, 6};
  forward_pass<tiny_bert, reads<weights<tiny_bert, bf16>>> run{narrow};
  forward_pass<tiny_bert> expected{wide};
  const auto got = run.run(tokens), want = expected.run(tokens);
  REQUIRE(got);
  REQUIRE(want);
  const auto of = [&](const auto& y) {
    const auto view = y.tokens;
    return std::vector<float>(view.data, view.data + index_type(tokens.size()) * view.stride);
  };
  CHECK(worst(of(*got), of(*want)) < tolerance<bf16>);
}

std::array<float, 216> scales;  // keys and values of 3 layers with 36 columns

void measure(const weights<tiny_gpt2>& wide, std::span<const std::int32_t> text) {
  session<tiny_gpt2, cache_in<bf16>> measured{wide};
  if (measured.prefill(text)) scales = cache_scales(measured);
}
using short_memory = session<tiny_gpt2, cache_in<int8<fixed_scales<scales>>>>;

TEST_CASE("what docs/narrow_numbers.md shows") {
  const parameters<tiny_gpt2> canonical = testing::random_parameters<tiny_gpt2>(7);
  const weights<tiny_gpt2, bf16> narrow{canonical};
  session<tiny_gpt2, reads<weights<tiny_gpt2, bf16>>> run{narrow};
  CHECK(run.decode(3));
  const weights<tiny_gpt2> wide{canonical};
  session<tiny_gpt2, cache_in<int8<>>> long_text{wide};
  CHECK(long_text.decode(3));
  measure(wide, ids{3, 1, 4});
  CHECK(short_memory{wide}.decode(3));
}

TEST_CASE("rows that are not finite do not give finite numbers") {
  for (const float wrong : {INFINITY, -INFINITY, NAN}) {
    parameters<tiny_gpt2> canonical = testing::random_parameters<tiny_gpt2>(8);
    const auto bias = [](const parameter_tensor& t) { return t.name().view().find("bias") != std::string_view::npos; };
    bool is_set = false;
    for_each_tensor(layout_of<tiny_gpt2>, [&](const parameter_tensor& t) {
      if (!is_set && bias(t)) canonical.of(t)[0] = wrong, is_set = true;
    });
    REQUIRE(is_set);
    const weights<tiny_gpt2, int8<>> narrow{canonical};
    narrow_session<tiny_gpt2, int8<>> run{narrow};
    const auto logits = run.decode(3);
    REQUIRE(logits);
    CHECK(std::none_of(logits->begin(), logits->end(), [](float x) { return std::isfinite(x); }));
  }
}

TEST_CASE("narrow weights take the bytes that their view says") {
  using wide = weights<stories>;
  static_assert(narrow_weights_view<stories, bf16>::bytes < 4 * parameters<stories>::count * 52 / 100);
  static_assert(narrow_weights_view<stories, int8<>>::bytes < 4 * parameters<stories>::count * 31 / 100);
  static_assert(narrow_weights_view<stories, int4<>>::bytes < 4 * parameters<stories>::count * 20 / 100);
  using decodes_bf16 = decoding_with<reads<weights<stories, bf16>>>;
  static_assert(footprint<stories, decodes_bf16>::weights_bytes == narrow_weights_view<stories, bf16>::bytes);
  static_assert(footprint<stories, decodes_bf16>::ram_bytes == footprint<stories, decoding>::ram_bytes);
  CHECK(weights<stories, bf16>{parameters<stories>{}}.available());
  CHECK(wide{parameters<stories>{}}.available());
}

}  // namespace
}  // namespace typeformer
