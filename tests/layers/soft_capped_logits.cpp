// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <laws/check_verdict.hpp>
#include <laws/models.hpp>
#include <support/random_parameters.hpp>
#include <typeformer/execution/all.hpp>
#include <typeformer/inspection/parameter_count.hpp>
#include <typeformer/layers/answer_span_head.hpp>
#include <typeformer/layers/classifier.hpp>
#include <typeformer/layers/first_token_pooler.hpp>
#include <typeformer/layers/masked_lm_head.hpp>
#include <typeformer/layers/scaled_logits.hpp>
#include <typeformer/layers/soft_capped_logits.hpp>
#include <typeformer/objectives/answer_span.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/masked_lm.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/session.hpp>

using namespace typeformer;
using namespace typeformer::laws;

namespace {

template <class Head>
using stack = decoder_only<token_embedding<vocabulary<11>, width<8>>, learned_positions<context<8>>, small_block,
                           named<"final_norm", layer_norm<>>, Head>;
template <class... Heads>
using encoder_stack =
    encoder_only<token_embedding<vocabulary<11>, width<8>>, learned_positions<context<8>>, small_block, Heads...>;

struct plain_model : stack<scaled_logits<head_with_bias<untied_head>, 2.0>> {};
struct capped_model : stack<soft_capped_logits<scaled_logits<head_with_bias<untied_head>, 2.0>, 0.5>> {};
struct tied_model : stack<soft_capped_logits<tied_head, 1.5>> {};
struct uncapped_model : stack<soft_capped_logits<tied_head, 0.0>> {};
struct masked_model : encoder_stack<soft_capped_logits<masked_lm_head<gelu_erf>, 0.75>> {};
struct classifying_model : encoder_stack<first_token_pooler<>, soft_capped_logits<classifier<3>, 0.5>> {};
struct answering_model : encoder_stack<soft_capped_logits<answer_span_head, 0.75>> {};

static_assert(parameter_count<capped_model> == parameter_count<plain_model>);

}  // namespace

TEST_CASE("obeys the laws: soft-capped logits of tokens") {
  check_verdict(examine_model<tied_model>(), {.training = 16});
  check_verdict(examine_model<capped_model>(), {.training = 16});
  check_verdict(examine_model<uncapped_model>(), {.training = 16});
  check_verdict(examine_model<masked_model, masked_lm>(), {.training = 16});
}
TEST_CASE("obeys the laws: soft-capped logits of sequences") {
  check_verdict(examine_model<classifying_model, sequence_classification>());
}
TEST_CASE("obeys the laws: soft-capped logits of an objective that computes them for all rows") {
  check_verdict(examine_model<answering_model, answer_span>());
}

TEST_CASE("caps the logits of evaluation and of a session: cap * tanh(logits / cap)") {
  const auto values = testing::random_parameters<plain_model>(21);
  parameters<capped_model> same;
  std::copy_n(values.data(), values.size(), same.data());
  const weights<plain_model> plain{values};
  const weights<capped_model> capped{same};
  const std::int32_t ids[] = {3, 10, 0, 7};
  forward_pass<plain_model> before{plain};
  forward_pass<capped_model> after{capped};
  const auto logits = before.run(std::span<const std::int32_t>{ids}), limited = after.run(std::span{ids});
  REQUIRE(logits);
  REQUIRE(limited);
  double largest = 0;
  for (typeformer::index_type r = 0; r < 4; ++r)
    for (typeformer::index_type k = 0; k < 11; ++k) {
      largest = std::max(largest, std::abs(double((*logits)[r][k])));
      CHECK((*limited)[r][k] == Approx(0.5 * std::tanh(double((*logits)[r][k]) / 0.5)).epsilon(1e-6));
    }
  CHECK(largest > 0.5);
  session<capped_model> run{capped};
  const auto last = run.prefill(std::span<const std::int32_t>{ids});
  REQUIRE(last);
  for (typeformer::index_type k = 0; k < 11; ++k)
    CHECK((*last)[std::size_t(k)] == Approx((*limited)[3][k]).margin(1e-6));
}
