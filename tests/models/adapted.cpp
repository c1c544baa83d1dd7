// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/layers/low_rank_linear.hpp>
#include <typeformer/models/adapted.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/parameters/copy_parameters.hpp>
#include <typeformer/parameters/merged.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

// Adapters are added to a model's type, start without effect, and are merged into its matrices.
namespace typeformer {
namespace {

using namespace laws;
using testing::random_ids, testing::random_parameters;

using of_rank_2 = low_rank<rank<2>, alpha<3.0>>;
constexpr adapted_maps everywhere{
    .query = true, .key = true, .value = true, .output = true, .gate = true, .up = true, .down = true};

struct adapted_classifier : adapted<small_classifier, of_rank_2> {};
struct adapted_llama : adapted<small_llama, of_rank_2, everywhere> {};
struct adapted_gpt2 : adapted<small_gpt2, low_rank<rank<3>>, everywhere> {};
struct adapted_albert : adapted<small_albert, of_rank_2, everywhere> {};
struct adapted_checkpoints : adapted<nested_checkpoint_model, of_rank_2> {};

static_assert(layout_of<adapted_classifier>.parameters == layout_of<small_classifier>.parameters + 2 * 2 * 2 * (8 + 8));
static_assert(std::is_same_v<::typeformer::detail::adapted_layer<linear<7>, adapts<of_rank_2>>, linear<7>>);
static_assert(
    std::is_same_v<::typeformer::detail::adapted_layer<small_block, adapts<of_rank_2>>,
                   sequential<residual<named<"attention_norm", layer_norm<>>,
                                       named<"attention", self_attention<heads<2>, causal, adapts<of_rank_2>>>>,
                              residual<named<"feed_forward_norm", layer_norm<>>,
                                       named<"feed_forward", feed_forward<12, gelu_tanh, adapts<of_rank_2>>>>>>);

/// The output of a model for some ids, as one row of numbers.
template <Model M> std::vector<float> delivered(const parameters<M>& values) {
  std::mt19937 generator{3};
  const auto ids = random_ids(generator, 8, M::vocabulary);
  const weights<M> packed{values};
  forward_pass<M> run{packed};
  const auto y = run.run(ids);
  REQUIRE(y);
  if constexpr (requires { y->tokens; }) return {y->tokens.data, y->tokens.data + 8 * y->tokens.stride};
  else return {y->data, y->data + (M::output::rows_are == axis::token ? 8 : 1) * y->stride};
}
double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, double(std::abs(a[i] - b[i])));
  return largest;
}
/// Merged parameters give the outputs of the adapted model, and the adapters have an effect.
template <class Adapted> void check_merged() {
  auto values = random_parameters<Adapted>(7);
  const auto plain = merged(values);
  REQUIRE(plain);
  const auto expected = delivered(values);
  CHECK(largest_difference(delivered(*plain), expected) < 1e-5);
  for_each_tensor(layout_of<Adapted>, [&](const parameter_tensor& t) {
    if (adapter_parameters{}(t)) std::fill_n(values.of(t), t.size(), 0.0f);
  });
  CHECK(largest_difference(delivered(values), expected) > 1e-4);
}

}  // namespace

TEST_CASE("obeys the laws: models with adapters", "[adapted]") {
  check_verdict(examine_model<adapted_classifier, sequence_classification>());
  check_verdict(examine_model<adapted_llama>(), {.training = 28});
  check_verdict(examine_model<adapted_checkpoints>());
}

TEST_CASE("returns the outputs of the adapted model after merging", "[adapted]") {
  check_merged<adapted<small_classifier, of_rank_2>>();
  check_merged<adapted<small_llama, of_rank_2, everywhere>>();
  check_merged<adapted<small_gpt2, low_rank<rank<3>>, everywhere>>();
  check_merged<adapted<small_albert, of_rank_2, everywhere>>();
}

TEST_CASE("decodes an adapted model like its merged one", "[adapted]") {
  const auto values = random_parameters<adapted_gpt2>(7);
  const auto plain = merged(values);
  REQUIRE(plain);
  const weights<adapted_gpt2> with{values};
  const weights<small_gpt2> without{*plain};
  session<adapted_gpt2> a{with};
  session<small_gpt2> b{without};
  const std::int32_t prompt[] = {1, 5, 2};
  auto x = a.prefill(prompt);
  auto y = b.prefill(prompt);
  for (std::int32_t next : {3, 0, 7}) {
    REQUIRE(x);
    REQUIRE(y);
    for (std::size_t i = 0; i < x->size(); ++i) CHECK((*x)[i] == Approx((*y)[i]).margin(1e-5));
    x = a.decode(next);
    y = b.decode(next);
  }
}

TEST_CASE("starts adapters without effect, by the family's rules or after a body was copied", "[adapted]") {
  const auto body = random_parameters<small_classifier>(1);
  parameters<adapted_classifier> values;
  initialize(values, philox{2});
  for_each_tensor(layout_of<adapted_classifier>, [&](const parameter_tensor& t) {
    const bool all_zero = std::all_of(values.of(t), values.of(t) + t.size(), [](float v) { return v == 0; });
    const std::string name{t.name().view()};
    INFO(name);
    if (adapter_parameters{}(t)) CHECK(all_zero == (name.find("lora_B") != name.npos));
  });
  const auto report = copy_parameters(body, values);
  REQUIRE(report);
  CHECK(report->kept == 2 * 4);
  CHECK(report->left == 0);
  CHECK(delivered(values) == delivered(body));

  auto random = random_parameters<adapted_classifier>(3);
  REQUIRE(copy_parameters(body, random));
  CHECK(delivered(random) != delivered(body));
  initialize_adapters(random, philox{2});
  CHECK(delivered(random) == delivered(body));
}

TEST_CASE("names what cannot be merged", "[adapted]") {
  using problem = merge_error::problem;
  const auto values = random_parameters<adapted_classifier>(1);
  const auto other = merged<small_bert>(values, 3);
  REQUIRE_FALSE(other);
  CHECK(other.error().what == problem::missing);
  CHECK(other.error().name.view() == "masked_lm.dense.weight");
  struct wider
      : bert_body<bert_config{.layers = 2, .width = 8, .heads = 2, .hidden = 16, .vocabulary = 11, .context = 8},
                  gelu_erf, first_token_pooler<>, classifier<3>> {};
  const auto extents = merged<wider>(values, 3);
  REQUIRE_FALSE(extents);
  CHECK(extents.error().what == problem::other_extents);
  CHECK(extents.error().name.view() == "blocks.0.feed_forward.up.weight");
  struct shallower
      : bert_body<bert_config{.layers = 1, .width = 8, .heads = 2, .hidden = 12, .vocabulary = 11, .context = 8},
                  gelu_erf, first_token_pooler<>, classifier<3>> {};
  const auto without = merged<shallower>(values, 3);
  REQUIRE_FALSE(without);
  CHECK(without.error().what == problem::update_without_matrix);
  CHECK(without.error().name.view() == "blocks.1.attention.query.lora_A.weight");
}

}  // namespace typeformer
