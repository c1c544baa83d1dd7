// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <laws/check_verdict.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/models/adapted.hpp>
#include <typeformer/models/gpt.hpp>
#include <typeformer/models/gpt3.hpp>
#include <typeformer/models/gpt_neo.hpp>
#include <typeformer/models/palm.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

// What all other families of decoders have in common.
namespace typeformer {
namespace {

using laws::check_verdict;
using laws::examine_model;
using testing::random_ids, testing::random_parameters;

constexpr gpt_config small_gpt_config{
    .layers = 3, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8};
constexpr gpt3_config small_gpt3_config{
    .layers = 3, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8};
constexpr gpt_neo_config small_gpt_neo_config{
    .layers = 3, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8};
constexpr palm_config small_palm_config{
    .layers = 3, .width = 8, .heads = 2, .head_width = 6, .hidden = 12, .vocabulary = 11, .context = 8, .theta = 100};
constexpr gpt2_config small_gpt2_config{
    .layers = 3, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8};
template <class Config> constexpr Config divided(Config c) { return c.scores_over_layer_number = true, c; }
constexpr gpt2_config unscaled(gpt2_config c) { return c.scales_scores = false, c; }
constexpr palm_config recomputing(palm_config c) { return c.recomputes_blocks = true, c; }

struct small_gpt : gpt<small_gpt_config> {};
struct small_gpt3 : gpt3<small_gpt3_config, gelu_tanh, sliding_windows<alternating_windows<2>>> {};
struct small_gpt_neo : gpt_neo<small_gpt_neo_config, gelu_tanh, sliding_windows<alternating_windows<3>>> {};
struct small_palm : palm<small_palm_config> {};
struct recomputing_palm : palm<recomputing(small_palm_config)> {};

TEST_CASE("obeys the laws: small models of every other family") {
  check_verdict(examine_model<small_gpt>());
  check_verdict(examine_model<small_gpt3>());
  check_verdict(examine_model<small_gpt_neo>());
  check_verdict(examine_model<small_palm>(), {.evaluation = 80, .decoding = 80});
  check_verdict(examine_model<recomputing_palm>(), {.training = 48, .evaluation = 80, .decoding = 80});
}

/// Logits of the last of six tokens, read at once, in two pieces, or one by one.
template <class M> void check_pieces() {
  std::mt19937 generator{11};
  const auto values = random_parameters<M>(11);
  const auto ids = random_ids(generator, 6, M::vocabulary);
  const weights<M> packed{values};
  forward_pass<M> all{packed};
  session<M> pieces{packed}, singles{packed};
  const auto expected = all.run(ids);
  REQUIRE(expected);
  const std::span<const std::int32_t> text{ids};
  REQUIRE(pieces.prefill(text.first(2)));
  REQUIRE(pieces.prefill(text.subspan(2)));
  REQUIRE(singles.prefill(text.first(1)));
  for (const std::int32_t id : text.subspan(1)) REQUIRE(singles.decode(id));
  for (std::size_t i = 0; i < std::size_t(M::vocabulary); ++i) {
    const double exact = double((*expected)[5][i]);
    CHECK(double((*pieces.logits(0))[i]) == Approx(exact).margin(1e-5));
    CHECK(double((*singles.logits(0))[i]) == Approx(exact).margin(1e-5));
  }
}

TEST_CASE("reads a text in pieces as at once, also beyond the windows") {
  check_pieces<small_gpt>();
  check_pieces<small_gpt3>();
  check_pieces<small_gpt_neo>();
  check_pieces<small_palm>();
}

TEST_CASE("changes the logits by a narrow window, but not by one as wide as the context") {
  struct wide : gpt3<small_gpt3_config, gelu_tanh, sliding_window<8>> {};
  struct none : gpt3<small_gpt3_config, gelu_tanh, no_window> {};
  std::mt19937 generator{12};
  const auto values = random_parameters<wide>(12);
  const auto ids = random_ids(generator, 8, 11);
  const std::span<const float> shared{values.data(), std::size_t(values.size())};
  const canonical_weights<wide> for_wide{values};
  const canonical_weights<none> for_none{*canonical_weights<none>::from(shared)};
  const canonical_weights<small_gpt3> for_narrow{*canonical_weights<small_gpt3>::from(shared)};
  forward_pass<wide, reads<canonical>> run_wide{for_wide};
  forward_pass<none, reads<canonical>> run_none{for_none};
  forward_pass<small_gpt3, reads<canonical>> run_narrow{for_narrow};
  const auto a = run_wide.run(ids), b = run_none.run(ids), c = run_narrow.run(ids);
  REQUIRE((a && b && c));
  bool narrow_differs = false;
  for (index_type i = 0; i < 8 * 11; ++i) {
    CHECK(double(a->data[i]) == Approx(double(b->data[i])).margin(1e-6));
    narrow_differs = narrow_differs || std::abs(a->data[i] - c->data[i]) > 1e-3f;
  }
  CHECK(narrow_differs);
}

struct small_gpt2 : gpt2<small_gpt2_config> {};
struct divided_gpt2 : gpt2<divided(small_gpt2_config)> {};
struct divided_unscaled_gpt2 : gpt2<unscaled(divided(small_gpt2_config))> {};
struct divided_gpt3 : gpt3<divided(small_gpt3_config), gelu_tanh, sliding_window<3>> {};

/// The logits of M are those of a GPT-2 whose queries in layer l are multiplied by factor / (l + 1).
template <class M> void check_smaller_queries(double factor) {
  std::mt19937 generator{13};
  const auto values = random_parameters<M>(13);
  parameters<small_gpt2> others;
  std::copy_n(values.data(), values.size(), others.data());
  for_each_tensor(layout_of<small_gpt2>, [&](const parameter_tensor& tensor) {
    const tensor_name name = tensor.name();
    if (name.view().find(".query.") == std::string_view::npos) return;
    for (index_type i = 0; i < tensor.size(); ++i)
      others.of(tensor)[i] = float(double(others.of(tensor)[i]) * factor / double(tensor.block[0] + 1));
  });
  const auto ids = random_ids(generator, 8, 11);
  const weights<M> packed{values};
  const weights<small_gpt2> packed_others{others};
  forward_pass<M> run{packed};
  forward_pass<small_gpt2> run_others{packed_others};
  const auto found = run.run(ids), expected = run_others.run(ids);
  REQUIRE((found && expected));
  for (index_type i = 0; i < 8 * 11; ++i)
    CHECK(double(found->data[i]) == Approx(double(expected->data[i])).margin(1e-5));
}

TEST_CASE("divides scores by the number of their layer as if the queries were divided") {
  check_verdict(examine_model<divided_gpt2>());
  check_verdict(examine_model<divided_gpt3>());
  check_pieces<divided_gpt2>();
  check_pieces<divided_gpt3>();
  check_smaller_queries<divided_gpt2>(1);
  check_smaller_queries<divided_unscaled_gpt2>(2);  // the others' scores are halved
}

TEST_CASE("initializes palm by the inputs of each projection, and gpt3 as gpt2 of its depth") {
  const auto deviation = [](const initialization& rules, const parameter_layout& layout, std::string_view name) {
    double found = -1;
    for_each_tensor(layout, [&](const parameter_tensor& tensor) {
      if (tensor.name().view() == name) found = rules.of(tensor).deviation;
    });
    return found;
  };
  const auto of_palm = [&](std::string_view name) {
    return deviation(small_palm::initial, layout_of<small_palm>, name);
  };
  CHECK(of_palm("token_embedding.weight") == 1);
  CHECK(of_palm("blocks.0.attention.query.weight") == Approx(1 / std::sqrt(8.0)));
  CHECK(of_palm("blocks.1.feed_forward.gate.weight") == Approx(1 / std::sqrt(8.0)));
  CHECK(of_palm("blocks.1.attention.output.weight") == Approx(1 / std::sqrt(12.0)));
  CHECK(of_palm("blocks.2.feed_forward.down.weight") == Approx(1 / std::sqrt(12.0)));
  CHECK(of_palm("blocks.2.norm.weight") == 0);
  CHECK(of_palm("final_norm.weight") == 0);
  parameters<small_palm> values;
  initialize(values, std::mt19937{1});
  for_each_tensor(layout_of<small_palm>, [&](const parameter_tensor& tensor) {
    if (tensor.name().view().find("norm") != std::string_view::npos) CHECK(*values.of(tensor) == 1);
  });
  const auto of_gpt3 = [&](std::string_view name) {
    return deviation(small_gpt3::initial, layout_of<small_gpt3>, name);
  };
  CHECK(of_gpt3("blocks.0.attention.output.weight") == Approx(0.02 / std::sqrt(6.0)));
  CHECK(of_gpt3("blocks.0.attention.query.weight") == Approx(0.02));
}

constexpr adapted_maps everywhere{
    .query = true, .key = true, .value = true, .output = true, .gate = true, .up = true, .down = true};

TEST_CASE("puts adapters into parallel branches") {
  struct adapted_palm : adapted<small_palm, low_rank<rank<2>>, everywhere> {};
  // Queries 8 → 12, keys and values 8 → 6, output 12 → 8; gate and up 8 → 12, down 12 → 8: in three blocks.
  static_assert(layout_of<adapted_palm>.parameters - layout_of<small_palm>.parameters ==
                3 * 2 * ((8 + 12) + 2 * (8 + 6) + (12 + 8) + 2 * (8 + 12) + (12 + 8)));
  check_verdict(examine_model<adapted_palm>(), {.evaluation = 80});
}

}  // namespace
}  // namespace typeformer
